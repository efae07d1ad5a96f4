import type { Paper } from "./method.ts";

/** Class models, gradients, and cut-outs by them. */
export const SIMONYAN_2014: Paper = {
  title: "Deep Inside Convolutional Networks: Visualising Image Classification Models and " +
    "Saliency Maps",
  authors: "Karen Simonyan, Andrea Vedaldi, Andrew Zisserman",
  venue: "ICLR Workshop",
  year: 2014,
  url: "https://arxiv.org/abs/1312.6034",
};

/** Activations and single units. */
export const YOSINSKI_2015: Paper = {
  title: "Understanding Neural Networks Through Deep Visualization",
  authors: "Jason Yosinski, Jeff Clune, Anh Nguyen, Thomas Fuchs, Hod Lipson",
  venue: "ICML Deep Learning Workshop",
  year: 2015,
  url: "https://arxiv.org/abs/1506.06579",
};
