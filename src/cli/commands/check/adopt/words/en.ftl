# The page before a plan is adopted, in English; dates and holidays are those of mails.
# The same messages and variables as in nb.ftl and nn.ftl; a test holds them equal.

adopt-lead = { $n ->
    [0] Before it is adopted on { $day }: nothing to look at
    [one] Before it is adopted on { $day }: one thing to look at
   *[other] Before it is adopted on { $day }: { $n } things to look at
}
adopt-size = { $measures } measures, { $deadlines } deadlines, { $units } units
adopt-more = and { $n } more
adopt-footer = “frist check” shows where in the files it can be mended.

adopt-gaps = Measures without a date or anybody responsible
adopt-gaps-about = Without a date nobody is reminded. Without a responsible unit nobody knows that it is theirs.
adopt-gaps-none = Every measure has a date and somebody responsible.
adopt-lacks = { $lacks ->
    [date] without a date
    [unit] without anybody responsible
   *[both] without a date or anybody responsible
}
adopt-lacking = “{ $title }” is { adopt-lacks }

adopt-free = Deadlines on weekends and holidays
adopt-free-about = The date stays as decided. Reminders go out on working days and name the working day before.
adopt-free-none = No deadline falls on a weekend or a holiday.
adopt-free-before = { $why ->
    [named] holiday ({ $name }); the working day before: { weekday } { day-and-month }
   *[weekend] the working day before: { weekday } { day-and-month }
}

adopt-past = Deadlines that have passed already
adopt-past-about = Give them a new date, or enter when it was delivered. Else the plan begins in arrears.
adopt-past-none = Every deadline lies ahead.
adopt-past-days = { $n ->
    [one] one day before it is adopted
   *[other] { $n } days before it is adopted
}

adopt-busy = Many deadlines in one week
adopt-busy-about = A unit with three or more deadlines in one week will hardly keep them all.
adopt-busy-none = No unit has more than two deadlines in a week.
adopt-week = week { $week }, { $year }

adopt-unremindable = Obligations that nobody can be reminded of
adopt-unremindable-about = The plan promises it, but there is nobody to write to, or no day to write on.
adopt-unremindable-none = All that the plan promises has a rule, a day and an address.
adopt-obstacle = { $obstacle ->
    [date] no date
    [unit] nobody responsible
    [address] no address
   *[rule] no rule
}

adopt-address = Units that nobody can write to
adopt-address-about = Mails about what they are responsible for reach nobody.
adopt-address-none = Everybody whom the plan concerns has an e-mail address.
adopt-address-of = responsible for { $what }
