/**
 * Version of each method's code. Raise it when the same options give another image: then its
 * figures are made again, and only those.
 */
export const VERSIONS: Readonly<Record<string, number>> = {
  "activations": 1,
  "adversarial": 2,
  "attention": 1,
  "cam": 1,
  "class-model": 1,
  "classify": 1,
  "deep-dream": 1,
  "embedding": 1,
  "gradient": 1,
  "integrated-gradients": 1,
  "inversion": 4,
  "lrp": 1,
  "neuron": 1,
  "occlusion": 1,
  "patches": 1,
  "segment": 3,
  "similarity": 1,
  "style": 1,
  "weights": 1,
};
