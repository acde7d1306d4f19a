/** The package's types, for the ES module that Node can load: its `main` is CommonJS under a `"type": "module"`. */
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
