//! `import`: reads only from the rules folder.
//! Rhai's own file resolver is no jail (`..` leaves the folder), so this one knows nothing but the files it was given.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Shared};

use super::vocabulary::scope;

/// Finds imported files among those of the rules folder.
pub(super) struct Importer {
    /// File contents by path below the rules folder, without `.rhai`.
    pub(super) files: Arc<BTreeMap<String, String>>,
}

impl ModuleResolver for Importer {
    fn resolve(
        &self,
        engine: &Engine,
        _source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let name = path.strip_suffix(".rhai").unwrap_or(path);
        let Some(text) = self.files.get(name) else {
            return Err(EvalAltResult::ErrorModuleNotFound(path.to_owned(), position).into());
        };
        let in_module =
            |error| Box::new(EvalAltResult::ErrorInModule(format!("{name}.rhai"), error, position));
        let mut ast =
            engine.compile_with_scope(&scope(), text).map_err(|error| in_module(error.into()))?;
        ast.set_source(format!("{name}.rhai"));
        Module::eval_ast_as_new(scope(), &ast, engine).map(Shared::new).map_err(in_module)
    }
}
