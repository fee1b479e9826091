//! Units: their addresses, their members, their leaders.

use std::collections::HashSet;

use super::names::UnitNames;
use super::{address, circles, settings, values};
use crate::plan::json::file::UnitFile;
use crate::plan::json::place::{Part, Remarks};
use crate::plan::{Unit, UnitIx, index};

/// Reads all units, in the file's order.
pub(super) fn units(
    listed: &[UnitFile<'_>],
    names: &mut UnitNames<'_>,
    remarks: &mut Remarks,
) -> Vec<Unit> {
    let mut units = Vec::with_capacity(listed.len());
    let mut ids = HashSet::with_capacity(listed.len());
    for (place, file) in listed.iter().enumerate() {
        let at = Part::Unit(index(place));
        values::check_id(&file.id, at.at("id"), remarks);
        if !file.id.is_empty() && !ids.insert(&*file.id) {
            let message = format!("there is a unit `{}` already", &*file.id);
            remarks.error("duplicate_id", at.at("id"), message, None);
        }
        values::check_text(&file.name, at.at("name"), remarks);
        let email = file.email.as_deref();
        if let Some(Err(error)) = email.map(address::check) {
            remarks.error("bad_address", at.at("email"), error.to_string(), error.help());
        }
        let leader = file.leader.as_ref();
        units.push(Unit {
            id: (*file.id).into(),
            name: file.name.to_string(),
            email: email.map(str::to_owned),
            language: settings::language(file.language.as_deref(), at.at("language"), remarks),
            leader: leader.and_then(|id| names.find(id, at.at("leader"), remarks)),
            members: names.find_all(file.members.as_deref(), at.at("members"), remarks),
        });
    }
    refuse_circles(listed, &units, remarks);
    units
}

fn refuse_circles(listed: &[UnitFile<'_>], units: &[Unit], remarks: &mut Remarks) {
    let number = |unit: &UnitIx| unit.0;
    let members = |unit: u32| units[unit as usize].members.iter().map(number).collect();
    let leader = |unit: u32| units[unit as usize].leader.iter().map(number).collect();
    let told = |circle: &[u32]| circles::path(circle, |unit| &units[unit as usize].id);
    for circle in circles::find(units.len(), members) {
        let (group, member) = (circle[0], &units[circle[1] as usize].id);
        let members = listed[group as usize].members.as_deref().unwrap_or_default();
        let item = members.iter().position(|id| **id == **member).unwrap_or_default();
        let place = Part::Unit(group).at("members").item(index(item));
        let message = format!("a group is a member of itself: {}", told(&circle));
        remarks.error("circle", place, message, None);
    }
    for circle in circles::find(units.len(), leader) {
        let message = format!("units lead each other in a circle: {}", told(&circle));
        remarks.error("circle", Part::Unit(circle[0]).at("leader"), message, None);
    }
}
