/**
 * What a rectifier passes back. With g the gradient that arrives at its output and f its function
 * of x:
 *
 * | rule        | passes back       | for ReLU                          |
 * | ----------- | ----------------- | --------------------------------- |
 * | `plain`     | g f'(x)           | g where x > 0                     |
 * | `guided`    | max(0, g f'(x))   | g where x > 0 and g > 0           |
 * | `deconvnet` | max(0, g)         | g where g > 0, whatever x was     |
 *
 * The rules belong to rectifier nodes; every other operator keeps its true derivative. They are
 * carried over to the monotone relatives of ReLU (Clip, LeakyRelu, PRelu, Elu, Selu, Celu,
 * ThresholdedRelu, Softplus, and Max and Min against what does not depend on the source) by the same
 * formulas. Gates that fall somewhere (SiLU, HardSwish,
 * GELU, Mish) have no counterpart of "blocks negative evidence": asking for it is refused.
 *
 * @see Simonyan et al., "Deep Inside Convolutional Networks", 2014 (plain)
 * @see Springenberg et al., "Striving for Simplicity", 2015 (guided)
 * @see Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks", 2014 (deconvnet)
 */
export type ReluRule = "plain" | "guided" | "deconvnet";

export const RELU_RULES: readonly ReluRule[] = ["plain", "guided", "deconvnet"];
