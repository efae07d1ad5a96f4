/** What networks come in, by the end of the file's name. */
const NETWORK_FILE = /\.(onnx|zip)$/i;

/** Whether a file is, or may hold, a network: then it is no image. */
export const isNetworkFile = ({ name }: Pick<File, "name">): boolean => NETWORK_FILE.test(name);
