# Mails in English. The same messages and variables as in nb.ftl and nn.ftl; a test holds them equal.

## Dates and lengths of time

month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
day-and-month = { $day } { month }
date = { day-and-month } { $year }
weekday-and-date = { weekday } { date }
date-and-time = { $date } at { $hour }:{ $minute }
years = { $n ->
    [one] { $n } year
   *[other] { $n } years
}
months = { $n ->
    [one] { $n } month
   *[other] { $n } months
}
days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
workdays = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
days-left = { $n ->
    [0] Today
    [1] Tomorrow
   *[other] In { $n } days
}
days-overdue = { $n ->
    [one] { $n } day overdue
   *[other] { $n } days overdue
}
workdays-left = { $n ->
    [0] no working days left
    [one] { $n } working day left
   *[other] { $n } working days left
}
and = { $first } and { $last }

## What is due

kind = { $kind ->
    [summary] summary
    [note] note
    [report] report
    [survey] survey
    [start] start
    [assessment] assessment
    [programme] programme
    [meeting] meeting
    [application] application
   *[other] { $kind }
}
measure = { $id } { $title }
measure-named = Measure { $id }
decided-as = decided as “{ $words }”
no-date = No date has been set
delivered-on = Delivered { $date }
holiday = { $holiday ->
    [new-year-s-day] New Year’s Day
    [maundy-thursday] Maundy Thursday
    [good-friday] Good Friday
    [easter-sunday] Easter Sunday
    [easter-monday] Easter Monday
    [labour-day] Labour Day
    [constitution-day] Constitution Day
    [ascension-day] Ascension Day
    [whit-sunday] Whit Sunday
    [whit-monday] Whit Monday
    [christmas-day] Christmas Day
    [boxing-day] Boxing Day
    [day-of-prayer] Day of Prayer
   *[other] { $name }
}
free = { $free ->
    [weekend] The due date falls on a { weekday }
    [named] The due date falls on a holiday ({ $name })
   *[unnamed] The due date falls on a day off in the plan
}
last-workday = { $free }. The last working day before it is { $date }.

## What is asked for

do = { $kind ->
    [summary] Send the summary to { $to }
    [note] Send the note to { $to }
    [report] Send the report to { $to }
    [survey] Carry out the survey and send the result to { $to }
    [start] Start the work and tell { $to }
    [assessment] Send the assessment to { $to }
    [programme] Send the programme to { $to }
    [meeting] Hold the meeting and tell { $to }
    [application] Send the application and tell { $to }
   *[other] Finish what is due and send it to { $to }
}
do-alone = { $kind ->
    [summary] Finish the summary
    [note] Finish the note
    [report] Finish the report
    [survey] Carry out the survey
    [start] Start the work
    [assessment] Finish the assessment
    [programme] Finish the programme
    [meeting] Hold the meeting
    [application] Send the application
   *[other] Finish what is due
}
ask-coming = { $do } by the due date. { $own ->
    [yes] If you cannot make it, enter your status or a new date.
   *[no] If you cannot make it, answer this mail with your status, or ask for a new date.
}
ask-overdue = { $do } as soon as you can. { $own ->
    [yes] If it takes longer, enter your status or a new date.
   *[no] If it takes longer, answer this mail with your status, or ask for a new date.
}
ask-undated = No date has been set. { $own ->
    [yes] Decide when it is to be done, and enter the date in the plan.
   *[no] Answer this mail with a date that you propose.
}
ask-follow-coming = Follow up with { $responsible }, so that it is done in time.
ask-follow-overdue = Nobody has told us that this is done. Contact { $responsible } and agree when it will be done, or set a new date.
ask-follow-undated = No date has been set. Agree with { $responsible } when it is to be done.
ask-nobody = No unit is responsible. Decide who is to be.
ask-help = You are helping with this. Help { $responsible } to finish, and answer this mail if you see that it will not work out.
ask-blocker = This waits for something that you are responsible for. Answer this mail if that will not be done in time.
ask-dependents = Something that you are responsible for waits for this. Take it into account in your planning.
ask-new-date = A new date has been asked for. Decide about it, and answer { $responsible }.
ask-nothing = This is for your information. You need not do anything.
moved = The deadline was moved, and this is its new date.
late = { $step ->
    [remind] This reminder should have been sent on { $date }; we are sorry that it is late.
   *[other] This notice should have been sent on { $date }; we are sorry that it is late.
}

## Who and why

those-responsible = those responsible
the-owner = the plan’s owner
label-due = Due
label-responsible = Responsible
label-helpers = Helping
label-deliver = To be sent to
label-waits = Waits for
label-answer = Last answer
label-next = What happens next
label-why = Why you get this
label-goal = Goal
label-id = Reference
waits-for = { $what } ({ $due })
answered = { $date }: { $words }
said = { $says ->
    [acknowledged] read
    [progress] the work goes on
    [delivered] delivered
    [asked] asks for a new date
   *[not_ours] not ours
}
next = { $step ->
    [again] If no answer comes, you will get another notice on { $date }.
    [escalate] If no answer comes, this goes on to { $to } on { $date }.
    [remind] If no answer comes, { $to } will get another reminder on { $date }.
   *[notify] If no answer comes, { $to } will be told on { $date }.
}
role = { $role ->
    [responsible] You are responsible.
    [lead] You have the main responsibility.
    [helpers] You are helping with this.
    [owner] You own the plan.
    [leader] You lead a unit that is responsible.
    [blocker] You are responsible for something that this waits for.
    [dependents] You are responsible for something that waits for this.
   *[unit] The rule names you.
}
rule-says = The rule “{ $rule }” tells you { $why }.
rule-says-about = The rule “{ $rule }” ({ $about }) tells you { $why }.
why-offset = { $anchor ->
    [due] { $side ->
        [before] { $span } before the due date
        [after] { $span } after the due date
       *[on] on the day itself
    }
    [start] { $side ->
        [before] { $span } before the start
        [after] { $span } after the start
       *[on] on the day of the start
    }
    [answer] { $side ->
        [before] { $span } before the last answer
        [after] { $span } after the last answer
       *[on] on the day of the last answer
    }
   *[adopted] { $side ->
        [before] { $span } before the plan was adopted
        [after] { $span } after the plan was adopted
       *[on] on the day the plan was adopted
    }
}
why-cron = on a fixed schedule
why-on = { $event ->
    [delivered] when something is delivered
    [moved] when a due date is moved
   *[asked] when somebody asks for a new date
}
why-overdue-at-first = about deadlines that had passed already when the plan was first used here
why-rule-failed = on the day itself, since another rule for the deadline does not work

## Measures

gap-nobody = No unit is responsible.
gap-no-deadline = The measure has no deadline, and it does not run through a period either.
gap-undated = { $n ->
    [one] The deadline { $ids } has no date.
   *[other] The deadlines { $ids } have no date.
}
ask-gap-own = Decide what is missing, and enter it in the plan.
ask-gap = Answer this mail with what you propose for what is missing.
measure-runs = The measure runs through the whole period and has no deadline of its own.
ask-progress = Answer this mail with a few lines: What has been done since last time? What is left? Is anything in your way?
ask-progress-follow = Ask { $responsible } how it is going.

## Overview

overview = This is how the plan stands
count-overdue = overdue
count-soon = within 30 days
count-delivered = delivered last month
count-open = later
count-gaps = { $n ->
    [one] gap
   *[other] gaps
}
ask-overview = Contact those responsible for what is overdue, and enter what has been delivered already.
list-overdue = Overdue
list-soon = Due within 30 days
list-delivered = Delivered last month
list-gaps = Measures without a date or a responsible unit

## Faults

fault = Fault in { $what }
ask-fault = Something does not work as it should. Everything else in the plan is followed up as usual. The program says:
held = { $n ->
    [one] One mail is held back
   *[other] { $n } mails are held back
}
ask-held = A change of the rules or the plan would send more at once than is usual, so you are asked first. Everything else in the plan is followed up as usual. The program says:
ask-limit = More mails would go out than may go out, so you are asked first. Everything else in the plan is followed up as usual. The program says:

## What the owner hears from the program itself

weekly = Weekly report
label-sent = Sent
label-failed = Failed, waiting
label-ahead = Coming week
label-absence = If it is missing
weekly-sent = { $n ->
    [0] No mails since { $since }.
    [one] { $n } mail since { $since }.
   *[other] { $n } mails since { $since }.
}
weekly-fine = Nothing, every mail went out.
weekly-failed = { $parts }.
weekly-gave-up = { $n ->
    [one] { $n } mail was given up (to { $names })
   *[other] { $n } mails were given up (to { $names })
}
weekly-waiting = { $n ->
    [one] { $n } mail waits to be sent
   *[other] { $n } mails wait to be sent
}
weekly-held = { $n ->
    [one] { $n } mail is held back until somebody decides
   *[other] { $n } mails are held back until somebody decides
}
weekly-coming = { $n ->
    [0] No mails before { $next }, as things stand.
    [one] { $n } mail, on { $first }, as things stand.
   *[other] { $n } mails, the first on { $first }, as things stand.
}
weekly-absence = The next weekly report comes on { $next }. If it does not, something is wrong: see whether the program runs (“systemctl status frist”), whether the mail server takes mail, and what “frist status” and “frist check” say.
and-more = { $names } and { $n } more
stale = { $why ->
    [ended] The plan’s period ended on { $date }
   *[untouched] Nobody has touched the plan since { $date }
}
stale-left = { $parts ->
    [none] Everything in the plan is delivered.
   *[other] The plan has { $parts }.
}
ask-stale = { $why ->
    [ended] If the work is done, enter what was delivered and take the plan out of the configuration. If it goes on, set a new end of the period. Until then, reminders about what is not delivered go on.
   *[untouched] Nobody has answered anything, and nobody has changed the plan or the rules. If the plan is in use, enter the answers that have come, and move the dates that do not hold. Else it can be taken out of the configuration. Until then, reminders go on.
}

## The letter around it all

greeting = Hello, { $to }
intro = This is what concerns you today: { $parts }.
part-overdue = { $n ->
    [one] { $n } deadline that has passed
   *[other] { $n } deadlines that have passed
}
part-coming = { $n ->
    [one] { $n } deadline ahead
   *[other] { $n } deadlines ahead
}
part-all = { $n ->
    [one] { $n } matter
   *[other] { $n } matters
}
part-other = { $n ->
    [one] { $n } other matter
   *[other] { $n } other matters
}
section = { $section ->
    [overdue] Overdue
    [coming] Coming up
    [undated] Without a date
    [delivered] Delivered
    [fault] Faults
    [gap] Gaps in the plan
    [running] Under way
   *[overview] Overview
}
answer-heading = How to answer
answer-how = { $owner ->
    [none] Answer this mail, if you like with one of these sentences:
   *[other] Answer this mail, if you like with one of these sentences. The answer goes to { $owner }.
}
answer-plain = { $owner ->
    [none] Answer this mail.
   *[other] Answer this mail. The answer goes to { $owner }.
}
answer-delivered = “Delivered” – and attach what was due, or say where it is.
answer-progress = “We are working on it” – and write briefly how far you have come.
answer-new-date = “We need a new date” – and say which one, and why.
answer-not-ours = “This is not ours” – and say who is responsible, if you know.
answer-own-heading = When you know more
answer-own = You own the plan. Enter answers with “frist done”, “frist progress” or “frist extend” and the reference, and the reminders will stop.
footer = This mail was sent automatically for “{ $plan }”.

## Subjects

what = { $measure }, { $kind }
more = { $subject } (+{ $n } more)
subject-coming = { $tone ->
    [escalate] To be followed up, due { $date }: { $what }
    [notify] For information, due { $date }: { $what }
    [moved] New due date { $date }: { $what }
    [asked] New date asked for, due { $date }: { $what }
   *[remind] Due { $date }: { $what }
}
subject-today = { $tone ->
    [escalate] To be followed up, due today, { $date }: { $what }
    [notify] For information, due today, { $date }: { $what }
    [moved] New due date today, { $date }: { $what }
    [asked] New date asked for, due today, { $date }: { $what }
   *[remind] Due today, { $date }: { $what }
}
subject-overdue = { $tone ->
    [escalate] To be followed up, overdue since { $date }: { $what }
    [notify] For information, overdue since { $date }: { $what }
    [moved] New due date, overdue since { $date }: { $what }
    [asked] New date asked for, overdue since { $date }: { $what }
   *[remind] Overdue since { $date }: { $what }
}
subject-undated = { $tone ->
    [escalate] To be followed up, no due date: { $what }
    [notify] For information, no due date: { $what }
    [moved] No due date any more: { $what }
    [asked] New date asked for: { $what }
   *[remind] No due date: { $what }
}
subject-delivered = Delivered { $date }: { $what }
subject-gap = Gap in the plan: { $what }
subject-progress = How is it going with { $what }
subject-overview = Overview: { $overdue ->
    [0] nothing overdue
    [one] { $overdue } overdue
   *[other] { $overdue } overdue
}, { $soon ->
    [0] nothing due in the next 30 days
    [one] { $soon } due in the next 30 days
   *[other] { $soon } due in the next 30 days
}
subject-fault = Fault in { $what }: { $plan }
subject-held = { $n ->
    [one] One mail is held back: { $plan }
   *[other] { $n } mails are held back: { $plan }
}
subject-weekly = Weekly report: { $sent } sent, { $open } failed or waiting, { $coming } to come ({ $plan })
subject-stale = { $stale }: { $plan }
