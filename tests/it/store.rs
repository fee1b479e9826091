//! Runs the suite of promises in `store_promises` against every database that the ledger knows.
//! What only a file can do is in `store_sqlite`, what only a server can in `store_postgres`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::path::Path;

use frist::store::Store;
use tempfile::TempDir;

use crate::postgres_server::PostgresServer;
use crate::store_promises as promises;

/// One test a promise and database.
macro_rules! keep {
    ($($promise:ident),* $(,)?) => {
        mod in_a_file {
            $(#[tokio::test]
            async fn $promise() {
                let (_folder, store) = super::in_a_file().await;
                super::promises::$promise(store).await;
            })*
        }

        mod in_postgres {
            $(#[tokio::test]
            async fn $promise() {
                super::promises::$promise(super::in_postgres().await).await;
            })*
        }

        mod in_memory {
            $(#[tokio::test]
            async fn $promise() {
                super::promises::$promise(super::in_memory().await).await;
            })*
        }
    };
}

keep![
    a_new_ledger_has_no_past,
    a_tick_comes_back_as_history,
    ids_of_the_history_are_shared,
    a_moved_deadline_keeps_where_it_came_from,
    what_was_seen_first_stays_first,
    nothing_is_told_twice,
    a_refused_tick_leaves_nothing_behind,
    two_notices_of_one_key_in_one_tick_are_refused,
    what_was_passed_over_may_still_be_told_and_passed_over_again,
    keys_differ_by_due_date_and_by_rule_of_a_measure,
    a_message_is_queued_once,
    plans_do_not_see_each_other,
    a_fault_is_told_once,
    a_fault_that_nobody_could_be_told_is_told_later,
    answers_come_back_in_order,
    a_running_daemon_notices_new_answers,
    a_message_comes_out_as_it_went_in,
    messages_are_claimed_once_and_oldest_first,
    a_message_goes_through_its_states,
    a_message_that_was_given_up_is_at_rest,
    a_message_whose_answer_was_lost_is_uncertain_and_tried_again,
    an_address_is_refused_until_something_gets_through,
    what_waits_is_not_what_is_held,
    what_was_let_through_is_counted_without_what_somebody_released,
    who_is_armed_comes_back_and_how_far_the_ledger_is,
    a_lease_that_ended_is_claimed_by_another,
    a_renewed_lease_lasts,
    leases_of_the_dead_end_at_start,
    a_clock_that_is_set_back_holds_up_no_message,
    many_settlements_are_told_apart,
    a_receipt_settles_what_its_sender_could_not,
    a_settlement_that_was_heard_of_is_too_late,
    an_archive_takes_no_more_than_it_is_to,
    an_archived_text_leaves_the_ledger_and_its_key_stays,
    the_next_attempt_is_known,
    the_log_tells_every_fate,
    the_log_is_ordered,
    many_notices_are_written_at_once,
    changes_come_back_with_their_files,
    what_rules_failed_for_comes_back,
    a_held_message_waits_until_it_is_released,
    a_dropped_message_is_never_sent_and_its_notices_never_told_again,
    held_messages_are_told_apart_by_their_change,
    a_released_message_is_as_old_as_its_release,
    the_usual_day_counts_days_with_messages,
];

async fn in_a_file() -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let store = Store::open("sqlite:frist.db", folder.path()).await.unwrap();
    (folder, store)
}

async fn in_postgres() -> Store {
    let url = PostgresServer::shared().database().await;
    Store::open(&url, Path::new(".")).await.unwrap()
}

async fn in_memory() -> Store {
    Store::open("sqlite::memory:", Path::new(".")).await.unwrap()
}
