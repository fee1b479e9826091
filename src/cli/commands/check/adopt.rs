//! `frist check --adopt`: one page for the day before a plan is adopted, as text, as HTML, and as rows.
//! What is told is found in `advice::adoption`; how it reads is in `page` and `words/*.ftl`.

mod html;
mod page;
mod rows;
mod text;

use std::fs;
use std::io::Write;

use super::super::super::output::{self, Format};
use super::super::super::trouble::Trouble;
use super::super::super::{Arguments, Exit, args, talk};
use super::super::{Answer, place};
use super::gather::configuration;
use crate::advice::{Adoption, adoption};
use crate::clock::Clock;
use crate::project::Project;
use page::page;

/// Prints the page, and writes it as HTML if a file is named.
pub(super) fn adopt(arguments: &Arguments, wanted: &args::Check) -> Answer<Exit> {
    let config = configuration(arguments, wanted)?;
    let project = Project::read(&place(&config))?;
    if project.plans.len() < config.plans.len() {
        return Err(Trouble::Faulty(Box::new(project)));
    }
    if let Some(faults) = project.faults() {
        talk(&format!(
            "warning: some of the files are faulty (see `frist check` and `frist test`):\n{faults}"
        ));
    }
    let found: Vec<Adoption> = project
        .plans
        .iter()
        .map(|plan| {
            let now =
                arguments.now.map_or_else(|| Clock::System.now(), |now| now.resolve(plan.zone));
            let today = now.with_timezone(&plan.zone).date_naive();
            adoption(plan, &project.rules, config.send_at, plan.adopted.unwrap_or(today))
        })
        .collect();
    let plans = || project.plans.iter().zip(&found);
    if let Some(path) = &wanted.html {
        let pages: Vec<_> = plans().map(|(plan, found)| page(plan, found)).collect();
        fs::write(path, html::html(&pages)).map_err(|source| Trouble::unwritable(path, source))?;
        talk(&format!("The page is in {}.", path.display()));
    }
    if arguments.format == Format::Table {
        let texts: Vec<String> =
            plans().map(|(plan, found)| text::text(&page(plan, found))).collect();
        output::for_people().write_all(texts.join("\n\n").as_bytes())?;
    } else {
        let rows = plans().flat_map(|(plan, found)| rows::rows(plan, found));
        output::print(arguments.format, rows)?;
    }
    Ok(Exit::Fine)
}
