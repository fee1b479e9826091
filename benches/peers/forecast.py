"""The job of plain.rs as a Python programmer would write it: dateutil for the dates, holidays for the calendar.

Called by peers.sh: `python forecast.py plan.json`. It prints what `frist forecast --format jsonl` prints.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

FROM, UNTIL = date(2011, 1, 1), date(2014, 7, 1)
DAY = timedelta(days=1)
HOLIDAYS = holidays.country_holidays("NO", years=range(2010, 2016))

REMINDERS = [relativedelta(days=-30), relativedelta(days=-7)]
ESCALATIONS = [relativedelta(days=1)] + [k * relativedelta(days=14) for k in range(1, 7)]


def is_working_day(day):
    return day.weekday() < 5 and day not in HOLIDAYS


@cache
def rolled(day, step):
    while not is_working_day(day):
        day += step
    return day


@cache
def moment(day):
    return datetime.combine(day, time(8), ZoneInfo("Europe/Oslo")).isoformat()


def in_words(offset):
    days = abs(offset.days)
    return f"{days} day{'' if days == 1 else 's'} {'before' if offset.days < 0 else 'after'}"


def lines(plan):
    for goal in plan["goals"]:
        for measure in goal["measures"]:
            for deadline in measure["deadlines"]:
                due = date.fromisoformat(deadline["due"])
                responsible = deadline.get("responsible", measure["responsible"])
                for kind, offsets, step, recipients in (
                    ("remind", REMINDERS, -DAY, responsible),
                    ("escalate", ESCALATIONS, DAY, [plan["owner"]]),
                ):
                    for offset in offsets:
                        nominal = due + offset
                        sending = rolled(nominal, step)
                        if not FROM <= sending < UNTIL:
                            continue
                        for to in recipients:
                            yield {
                                "plan": plan["id"],
                                "at": moment(sending),
                                "deadline": f"{measure['id']}/{deadline['id']}",
                                "measure": measure["id"],
                                "due": deadline["due"],
                                "rule": "deadline",
                                "kind": kind,
                                "to": to,
                                "nominal": nominal.isoformat(),
                                "reason": in_words(offset),
                            }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    # Texts of moments sort like the moments: no two are less than a day apart.
    order = ("at", "to", "deadline", "kind", "nominal", "rule")
    for line in sorted(lines(plan), key=lambda line: [line[key] for key in order]):
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


main()
