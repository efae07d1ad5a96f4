/** `T` with everything in it readonly: what a schema promises, and nobody changes. */
export type Immutable<T> = T extends string | number | boolean | null | undefined ? T
  : T extends readonly unknown[] ? { readonly [Index in keyof T]: Immutable<T[Index]> }
  : T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;
