//! Reading `plan.json`: from text to a plan, or to all its faults at once.
