"""Turns plan.json into a file for Debian's `remind`, so that it has the same dates to find as plain.rs.

Called by peers.sh: `python reminders.py plan.json > plan.rem`; then `remind -n plan.rem 2011-01-01` is timed.

A REM command a step, repeat and recipient: the offset is remind's own date arithmetic, the working day before or after
is found by its OMIT with BEFORE and AFTER. `-n` prints the next date of each, in one pass over the file; the calendar
that `-s42` prints has the same dates, but goes through the whole file once for each of 1,277 days. What remind does not
do: read a plan, resolve units, zones, order by time (sort(1) does), JSON.
"""

import json
import sys

STEPS = [("remind", -30), ("remind", -7), ("escalate", 1)]
STEPS += [("escalate", 14 * repeat) for repeat in range(1, 7)]

for year in range(2010, 2016):
    for day in ("01-01", "05-01", "05-17", "12-25", "12-26"):
        print(f"OMIT {year}-{day}")
    for days in (-3, -2, 0, 1, 39, 49, 50):
        print(f"OMIT [trigger(easterdate({year}) + {days})]")

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
for goal in plan["goals"]:
    for measure in goal["measures"]:
        for deadline in measure["deadlines"]:
            responsible = deadline.get("responsible", measure["responsible"])
            for kind, days in STEPS:
                roll = "BEFORE" if days < 0 else "AFTER"
                reason = f"{abs(days)} day{'s' if abs(days) > 1 else ''} {roll.lower()}"
                for to in responsible if days < 0 else [plan["owner"]]:
                    print(
                        f"REM [trigger('{deadline['due']}' + {days})] OMIT Sat Sun {roll} "
                        f"MSG {to} {measure['id']}/{deadline['id']} {kind} {reason}"
                    )
