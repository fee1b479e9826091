//! `import`: reads only from the rules folder.
//! Rhai's own file resolver is no jail (`..` leaves the folder), so this one knows nothing but the files it was given.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Shared};

use super::explain::{Explained, Shown, elsewhere, explain};
use super::purse::Asking;
use super::vocabulary::{complain_at, scope};
use super::{closures, compared};

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

    fn open(&self, name: &str, position: Position) -> Result<(), Box<EvalAltResult>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.iter().any(|outer| outer == name) {
            let circle = [open.join("` imports `"), name.to_owned()].join("` imports `");
            let help = "put what both need into a third file";
            return Err(complain_at(
                position,
                format!("files import each other in a circle: `{circle}`"),
                Some(help),
            ));
        }
        if open.len() >= DEPTH {
            let message = format!("more than {DEPTH} files import each other in a row");
            return Err(complain_at(position, message, Some("import what is needed directly")));
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
        let mut found = Vec::new();
        closures::check(&ast, &mut found);
        compared::check(&ast, &mut found);
        if let Some(Explained { position, message, help }) = found.into_iter().next() {
            return Err(complain_at(position, message, help.as_deref()));
        }
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
        if Asking::now() {
            let help = "write `import` at the top of the file";
            let message = "a closure cannot import anything".to_owned();
            return Err(complain_at(position, message, Some(help)));
        }
        let name = path.strip_suffix(".rhai").unwrap_or(path);
        if !self.files.contains_key(name) {
            let message = format!("`{path}` is not in the rules folder");
            let help = "`import` reads only from there: `import \"folder/file\" as words;`";
            return Err(complain_at(position, message, Some(help)));
        }
        self.open(name, position)?;
        let module = self.read(engine, name);
        self.close();
        module.map(Shared::new).map_err(|error| {
            let file = format!("{name}.rhai");
            let shown = Shown { file: &file, text: &self.files[name] };
            let Explained { position, message, help } =
                elsewhere(&file, explain(&error, shown), position);
            complain_at(position, message, help.as_deref())
        })
    }
}
