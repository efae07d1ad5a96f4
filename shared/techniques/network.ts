/** placeholder */
export interface Network {
  readonly id: string;
}
