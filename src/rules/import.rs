//! `import`: reads only from the rules folder.
//! Rhai's own file resolver is no jail (`..` leaves the folder), so this one knows nothing but the files it was given.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Shared};

use super::closures;
use super::purse::Asking;
use super::vocabulary::{complain, scope};

/// How deep files may import each other; each takes stack.
const DEPTH: usize = 8;

/// Finds imported files among those of the rules folder.
pub(super) struct Importer {
    /// File contents by path below the rules folder, without `.rhai`.
    files: BTreeMap<String, String>,
    /// The files that are being imported, each by the one before it.
    open: Mutex<Vec<String>>,
}

impl Importer {
    pub(super) fn new(files: BTreeMap<String, String>) -> Self {
        Self { files, open: Mutex::default() }
    }

    fn open(&self, name: &str) -> Result<(), Box<EvalAltResult>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.iter().any(|outer| outer == name) {
            let circle = [open.join("` imports `"), name.to_owned()].join("` imports `");
            let help = "put what both need into a third file";
            return Err(complain(
                format!("files import each other in a circle: `{circle}`"),
                Some(help),
            ));
        }
        if open.len() >= DEPTH {
            let message = format!("more than {DEPTH} files import each other in a row");
            return Err(complain(message, Some("import what is needed directly")));
        }
        open.push(name.to_owned());
        Ok(())
    }

    fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).pop();
    }

    fn read(&self, engine: &Engine, name: &str) -> Result<Module, Box<EvalAltResult>> {
        let text = &self.files[name];
        let mut ast = engine.compile_with_scope(&scope(), text)?;
        closures::check(&ast)?;
        ast.set_source(format!("{name}.rhai"));
        Module::eval_ast_as_new(scope(), &ast, engine)
    }
}

impl ModuleResolver for Importer {
    fn resolve(
        &self,
        engine: &Engine,
        _source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let at = |mut error: Box<EvalAltResult>| {
            error.set_position(position);
            error
        };
        if Asking::now() {
            let help = "write `import` at the top of the file";
            return Err(at(complain("a closure cannot import anything".into(), Some(help))));
        }
        let name = path.strip_suffix(".rhai").unwrap_or(path);
        if !self.files.contains_key(name) {
            return Err(EvalAltResult::ErrorModuleNotFound(path.to_owned(), position).into());
        }
        self.open(name).map_err(at)?;
        let module = self.read(engine, name);
        self.close();
        module.map(Shared::new).map_err(|error| {
            EvalAltResult::ErrorInModule(format!("{name}.rhai"), error, position).into()
        })
    }
}
