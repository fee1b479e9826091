#!/usr/bin/env bash
# The figures of frist, and of other programs doing the same job on the same machine, run by turns.
#
#   benches/peers.sh                    everything; takes about half an hour
#   benches/peers.sh forecast replay    only these parts: forecast, replay, memory, mail
#   RUNS=9 DEADLINES=20000 benches/peers.sh forecast
#
# forecast: 100,000 deadlines of four steps each, generated; every answer is compared before anything is timed.
#   frist    the program, from plan.json and rules to JSON lines; may use all cores
#   plain    plain.rs: one thread, written for just this job; the same bytes
#   python   peers/forecast.py with dateutil and holidays; the same bytes
#   sqlite   peers/forecast.sql in the sqlite3 shell; the same bytes
#   remind   Debian's remind on the REM commands that peers/reminders.py writes, sorted by sort(1); the same dates, recipients
#            and reasons, but no JSON; the commands are written beforehand, outside the time
#   and what frist and plain need for one deadline at 10,000, 100,000 and 1,000,000.
# replay: the Oslo plan from process start to end, three and a half years; `frist check` on it.
# memory: the daemon's resident memory while it stands idle, with the Oslo plan and with the generated one.
# mail: 5,000 messages due at once, from process start to the last one accepted by smtp-sink, beside smtp-source (which has no
#   plan, no rules, no ledger, and one text for all), both with four connections that are kept.
#
# Times are wall clock, medians of RUNS runs; answers go to /dev/null, so that no disk is measured. CPU is user and system
# time together. On a machine that is busy with other things look at CPU, not at the wall clock.
set -euo pipefail
cd "$(dirname "$0")/.."

RUNS=${RUNS:-5}
DEADLINES=${DEADLINES:-100000}
MAILS=${MAILS:-5000}
STRETCH="--from 2011-01-01 --until 2014-07-01"
LIMIT=900 # seconds that any one command may take
PATH=$PATH:/usr/sbin

work=$(mktemp -d)
started=()
end() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT

fail() { echo "$*" >&2; exit 1; }

# Fails if a program is missing: need PROGRAM PACKAGE
need() { command -v "$1" >/dev/null || fail "$1 is missing; please install $2 (on Debian: apt-get install $2)"; }

# Runs commands by turns, so that a busy moment hits all alike, and keeps seconds of wall clock and CPU.
#   contest NAME COMMAND [NAME COMMAND …]; what is in $before runs before each, outside the time
contest() {
  local TIMEFORMAT='%R %U %S' round pair
  rm -f "$work"/times.*
  for ((round = 0; round <= RUNS; round++)); do
    for ((pair = 1; pair < $#; pair += 2)); do
      local name=${!pair} command=$((pair + 1))
      [ -z "${before:-}" ] || eval "$before" >"$work/before.log" 2>&1 || fail "$(cat "$work/before.log")"
      { time timeout "$LIMIT" sh -c "${!command}" >/dev/null 2>"$work/trouble"; } 2>"$work/time" ||
        fail "$name does not end well: $(tail -n 5 "$work/trouble")"
      # The first round only warms up.
      [ "$round" = 0 ] || awk '{ print $1, $2 + $3 }' "$work/time" >>"$work/times.$name"
    done
  done
}

# The median of a column of a name's times: median NAME 1 (wall clock) or 2 (CPU)
median() { cut -d' ' -f"$2" "$work/times.$1" | sort -n | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }

# Prints a contest's table: median, fastest and slowest, CPU, and the median against the first name's.
table() {
  printf '%-12s %9s %9s %9s %9s %12s\n' "" "median s" "min s" "max s" "CPU s" "against $1"
  for name in "$@"; do
    local ends; ends=$(cut -d' ' -f1 "$work/times.$name" | sort -n | sed -n '1p;$p' | tr '\n' ' ')
    # shellcheck disable=SC2086 # two numbers
    printf '%-12s %9s %9s %9s %9s %12s\n' "$name" "$(median "$name" 1)" $ends "$(median "$name" 2)" \
      "$(ratio "$(median "$name" 1)" "$(median "$1" 1)")"
  done
  echo
}

version() { "$@" 2>&1 | head -n 1 || true; }

build() {
  need cargo rustup
  need python3 python3
  cargo build --release --locked --quiet --bin frist --example generate --example plain
  target=${CARGO_TARGET_DIR:-$PWD/target}/release
  frist=$target/frist plain=$target/examples/plain generate=$target/examples/generate
  echo "frist $("$frist" --version | cut -d' ' -f2), $(git describe --always --dirty 2>/dev/null || echo "no commit"); $(rustc --version)"
  echo "$(date -u +%F), $(uname -srm), $(nproc) cores,$(sed -n 's/^model name.*://p' /proc/cpuinfo | head -n 1)," \
    "$(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), load $(cut -d' ' -f1 /proc/loadavg); $RUNS runs each"
  echo
}

forecast() {
  need sqlite3 sqlite3
  need remind remind
  python3 -m venv "$work/venv" || fail "python3 cannot make an environment; please install python3-venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check python-dateutil holidays ||
    fail "python-dateutil and holidays cannot be installed; please see to it that pip reaches its index"
  local python=$work/venv/bin/python dir=$work/$DEADLINES
  "$generate" "$DEADLINES" "$dir"
  python3 benches/peers/reminders.py "$dir/plan.json" >"$dir/plan.rem"

  local by_frist="$frist forecast $STRETCH --format jsonl --dir $dir"
  local by_plain="$plain $dir/plan.json"
  local by_python="$python $PWD/benches/peers/forecast.py $dir/plan.json"
  local by_sqlite="cd $dir && sqlite3 :memory: <$PWD/benches/peers/forecast.sql"
  local by_remind="remind -n $dir/plan.rem 2011-01-01 | LC_ALL=C sort"

  echo "FORECAST of $DEADLINES deadlines"
  sh -c "$by_plain" >"$work/expected"
  for name in frist python sqlite; do
    local command=by_$name
    timeout "$LIMIT" sh -c "${!command}" >"$work/answer"
    cmp "$work/expected" "$work/answer" || fail "$name answers something else than plain"
  done
  sed -E 's|^.*"at":"(....)-(..)-(..)T.*"deadline":"([^"]*)".*"kind":"([^"]*)","to":"([^"]*)".*"reason":"([^"]*)".*$|\1/\2/\3 \6 \4 \5 \7|' \
    "$work/expected" | LC_ALL=C sort >"$work/dates"
  timeout "$LIMIT" sh -c "$by_remind" | cmp "$work/dates" - || fail "remind answers something else than plain"
  echo "$(wc -l <"$work/expected") lines; frist, plain, python and sqlite: the same bytes; remind: the same dates"
  echo "$("$python" --version), dateutil $("$python" -c 'import dateutil; print(dateutil.__version__)')," \
    "holidays $("$python" -c 'import holidays; print(holidays.__version__)'), SQLite $(sqlite3 --version | cut -d' ' -f1)," \
    "$(dpkg-query -W -f 'remind ${Version}' remind 2>/dev/null || echo remind)"
  contest frist "$by_frist" plain "$by_plain" remind "$by_remind" sqlite "$by_sqlite" python "$by_python"
  table frist plain remind sqlite python
  echo "frist against plain: $(ratio "$(median frist 1)" "$(median plain 1)")"
  echo

  echo "COST of one deadline (9.5 lines each)"
  printf '%-12s %12s %12s %12s %16s\n' deadlines "frist µs" "plain µs" "frist CPU µs" "frist/plain"
  for number in 10000 100000 1000000; do
    [ -d "$work/$number" ] || "$generate" "$number" "$work/$number"
    contest frist "$frist forecast $STRETCH --format jsonl --dir $work/$number" plain "$plain $work/$number/plan.json"
    awk -v n="$number" -v f="$(median frist 1)" -v p="$(median plain 1)" -v c="$(median frist 2)" \
      'BEGIN { printf "%-12d %12.2f %12.2f %12.2f %16.2f\n", n, f / n * 1e6, p / n * 1e6, c / n * 1e6, f / p }'
  done
  echo
}

# Copies the project of this repository, the Oslo plan, to where it may be run.
oslo() {
  mkdir -p "$1"
  cp -r plan.json rules "$1"
  [ ! -f frist.toml ] || cp frist.toml "$1"
}

replay() {
  oslo "$work/oslo"
  echo "OSLO PLAN"
  # The replay comes last in its round, so that its mails are still there afterwards.
  before="rm -rf $work/replayed" contest \
    forecast "$frist forecast $STRETCH --format jsonl --dir $work/oslo" \
    check "$frist check --dir $work/oslo" \
    nothing "$frist --version" \
    replay "$frist run $STRETCH --dir $work/oslo --outbox $work/replayed"
  echo "$(find "$work/replayed" -name '*.eml' | wc -l) messages in the replay"
  table replay forecast check nothing
}

# Starts the daemon, waits until it stands idle, and prints its memory: stand NAME DIR NOW
stand() {
  "$frist" run --dir "$2" --now "$3" --outbox "$work/standing" >"$work/daemon.log" 2>&1 &
  local pid=$! spent="" now="" still=0
  started+=("$pid")
  # Idle is: no CPU time for three seconds, after it has had some.
  for ((second = 0; second < LIMIT && still < 3; second++)); do
    sleep 1
    kill -0 "$pid" 2>/dev/null || fail "the daemon has ended: $(tail -n 5 "$work/daemon.log")"
    now=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
    if [ "$now" = "$spent" ]; then still=$((still + 1)); else still=0; fi
    spent=$now
  done
  [ "$still" = 3 ] || fail "the daemon does not come to rest within $LIMIT s"
  awk -v name="$1" '/^VmHWM/ { most = $2 } /^VmRSS/ { now = $2 }
    END { printf "%-28s %12.1f %12.1f\n", name, now / 1024, most / 1024 }' "/proc/$pid/status"
  kill "$pid"
  wait "$pid" 2>/dev/null || true
}

memory() {
  oslo "$work/oslo"
  [ -d "$work/$DEADLINES" ] || "$generate" "$DEADLINES" "$work/$DEADLINES"
  echo "MEMORY of the daemon at rest"
  printf '%-28s %12s %12s\n' "" "resident MB" "at most MB"
  stand "Oslo plan" "$work/oslo" 2011-03-05T12:00
  stand "$DEADLINES deadlines" "$work/$DEADLINES" 2011-01-05T12:00
  echo
}

# Starts a server that takes every mail and keeps none; its port in $port.
sink() {
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # It refuses to serve as root.
  local as=(); [ "$(id -u)" != 0 ] || as=(-u nobody)
  smtp-sink "${as[@]}" "127.0.0.1:$port" 100 >"$work/sink.log" 2>&1 &
  started+=("$!")
  for ((try = 0; try < 100; try++)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    sleep 0.1
  done
  fail "smtp-sink does not listen: $(cat "$work/sink.log")"
}

mail() {
  need smtp-sink postfix
  need smtp-source postfix
  for connections in 4 16; do mail_over "$connections"; done
}

# Sends all mails over so many kept connections: mail_over CONNECTIONS
mail_over() {
  local connections=$1 dir=$work/mails-$1 size
  "$generate" --mails "$MAILS" "$dir"
  sink
  cat >>"$dir/frist.toml" <<TOML
[mail]
transport = "smtp"
[mail.smtp]
host = "127.0.0.1"
port = $port
tls = "none"
connections = $connections
[brake]
a_tick = $MAILS
an_hour = $MAILS
a_recipient_and_day = $MAILS
[watch]
weekly = "off"
stale_after_days = 0
TOML
  # One turn on a quiet day, so that the ledger knows the plan; then, each time anew, the turn of the day before the
  # Sunday thirty days before the deadlines.
  "$frist" run --once --now 2011-01-03T12:00 --dir "$dir" --transport folder >"$work/first.log" 2>&1 || fail "$(tail -n 5 "$work/first.log")"
  rm -rf "$work/folder" && cp -r "$dir" "$work/folder"
  "$frist" run --once --now 2011-01-28T08:00 --dir "$work/folder" --transport folder >/dev/null 2>"$work/first.log" ||
    fail "$(tail -n 5 "$work/first.log")"
  size=$(find "$work/folder/outbox" -name '*.eml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", sum / NR }')
  [ "$(find "$work/folder/outbox" -name '*.eml' | wc -l)" = "$MAILS" ] || fail "not $MAILS mails in the folder"

  echo "MAIL: $MAILS messages of $size bytes over $connections connections to smtp-sink, $(dpkg-query -W -f 'postfix ${Version}' postfix 2>/dev/null || true)"
  # frist comes last in its round, so that its ledger is still there afterwards.
  before="rm -rf $work/run && cp -r $dir $work/run && $frist arm --yes --now 2011-01-28T07:59 --dir $work/run" contest \
    smtp-source "smtp-source -d -s $connections -m $MAILS -l $size -f plan@plan.example -t unit@units.example 127.0.0.1:$port" \
    frist "$frist run --once --now 2011-01-28T08:00 --dir $work/run"
  local sent
  sent=$("$frist" log --dir "$work/run" --format jsonl | grep -c '"state":"sent"' || true)
  [ "$sent" = "$MAILS" ] || fail "$sent messages of $MAILS were sent"
  table frist smtp-source
  awk -v n="$MAILS" -v f="$(median frist 1)" -v s="$(median smtp-source 1)" \
    'BEGIN { printf "messages a second: frist %.0f, smtp-source %.0f; frist reaches %.2f\n", n / f, n / s, s / f }'
  # A turn also reads the files, decides, writes letters and puts them into the ledger; its log says when that was done.
  awk -v n="$MAILS" -v from="$(logged decided)" -v until="$(logged sent)" -v s="$(median smtp-source 1)" \
    'BEGIN { f = until - from; printf "sending alone, in the last turn: frist %.0f; it reaches %.2f\n\n", n / f, s / f }'
}

# Prints when the daemon's last turn has logged a word, in seconds.
logged() { date -d "$(sed -n "s/^\([^ ]*\) .*INFO $1 messages=.*/\1/p" "$work/trouble" | head -n 1)" +%s.%N; }

build
for part in "${@:-forecast replay memory mail}"; do
  for name in $part; do
    case $name in
      forecast | replay | memory | mail) "$name" ;;
      *) fail "there is no part $name: forecast, replay, memory, mail" ;;
    esac
  done
done
