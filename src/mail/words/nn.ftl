# Mails in Norwegian Nynorsk. The same messages and variables as in nb.ftl and en.ftl; a test holds them equal.

## Dates and lengths of time

month = { $month ->
    [1] januar
    [2] februar
    [3] mars
    [4] april
    [5] mai
    [6] juni
    [7] juli
    [8] august
    [9] september
    [10] oktober
    [11] november
   *[12] desember
}
weekday = { $weekday ->
    [1] måndag
    [2] tysdag
    [3] onsdag
    [4] torsdag
    [5] fredag
    [6] laurdag
   *[7] søndag
}
day-and-month = { $day }. { month }
date = { day-and-month } { $year }
weekday-and-date = { weekday } { date }
date-and-time = { $date } kl. { $hour }.{ $minute }
years = { $n ->
    [one] { $n } år
   *[other] { $n } år
}
months = { $n ->
    [one] { $n } månad
   *[other] { $n } månader
}
days = { $n ->
    [one] { $n } dag
   *[other] { $n } dagar
}
workdays = { $n ->
    [one] { $n } arbeidsdag
   *[other] { $n } arbeidsdagar
}
days-left = { $n ->
    [0] I dag
    [1] I morgon
   *[other] Om { $n } dagar
}
days-overdue = { $n ->
    [one] { $n } dag over fristen
   *[other] { $n } dagar over fristen
}
workdays-left = { $n ->
    [0] ingen arbeidsdagar att
    [one] { $n } arbeidsdag att
   *[other] { $n } arbeidsdagar att
}
and = { $first } og { $last }

## What is due

kind = { $kind ->
    [summary] oppsummering
    [note] notat
    [report] rapport
    [survey] kartlegging
    [start] oppstart
    [assessment] vurdering
    [programme] program
    [meeting] møte
    [application] søknad
   *[other] { $kind }
}
measure = { $id } { $title }
measure-named = Tiltak { $id }
decided-as = vedteke som «{ $words }»
no-date = Ingen dato er sett
delivered-on = Levert { $date }
holiday = { $holiday ->
    [new-year-s-day] første nyttårsdag
    [maundy-thursday] skjærtorsdag
    [good-friday] langfredag
    [easter-sunday] første påskedag
    [easter-monday] andre påskedag
    [labour-day] 1. mai
    [constitution-day] 17. mai
    [ascension-day] Kristi himmelfartsdag
    [whit-sunday] første pinsedag
    [whit-monday] andre pinsedag
    [christmas-day] første juledag
    [boxing-day] andre juledag
    [day-of-prayer] bots- og bededag
   *[other] { $name }
}
free = { $free ->
    [weekend] Fristen fell på ein { weekday }
    [named] Fristen fell på ein fridag ({ $name })
   *[unnamed] Fristen fell på ein fridag i planen
}
last-workday = { $free }. Siste arbeidsdag før den er { $date }.

## What is asked for

do = { $kind ->
    [summary] Send oppsummeringa til { $to }
    [note] Send notatet til { $to }
    [report] Send rapporten til { $to }
    [survey] Gjennomfør kartlegginga og send resultatet til { $to }
    [start] Set arbeidet i gang og sei frå til { $to }
    [assessment] Send vurderinga til { $to }
    [programme] Send programmet til { $to }
    [meeting] Hald møtet og sei frå til { $to }
    [application] Send søknaden og sei frå til { $to }
   *[other] Gjer ferdig det som skal leverast, og send det til { $to }
}
do-alone = { $kind ->
    [summary] Gjer ferdig oppsummeringa
    [note] Gjer ferdig notatet
    [report] Gjer ferdig rapporten
    [survey] Gjennomfør kartlegginga
    [start] Set arbeidet i gang
    [assessment] Gjer ferdig vurderinga
    [programme] Gjer ferdig programmet
    [meeting] Hald møtet
    [application] Send søknaden
   *[other] Gjer ferdig det som skal leverast
}
ask-coming = { $do } innan fristen. { $own ->
    [yes] Rekk de det ikkje, så før inn status eller ein ny dato.
   *[no] Rekk de det ikkje, så svar på denne e-posten med status, eller be om ein ny dato.
}
ask-overdue = { $do } så snart som råd. { $own ->
    [yes] Tek det lengre tid, så før inn status eller ein ny dato.
   *[no] Tek det lengre tid, så svar på denne e-posten med status, eller be om ein ny dato.
}
ask-undated = Det er ikkje sett nokon dato. { $own ->
    [yes] Avgjer når det skal vere ferdig, og før datoen inn i planen.
   *[no] Svar på denne e-posten med ein dato som de gjer framlegg om.
}
ask-follow-coming = Følg opp saman med { $responsible }, så det blir ferdig i tide.
ask-follow-overdue = Det er ikkje meldt frå om at dette er gjort. Ta kontakt med { $responsible } og bli samde om når det blir ferdig, eller set ein ny dato.
ask-follow-undated = Det er ikkje sett nokon dato. Bli samde med { $responsible } om når det skal vere ferdig.
ask-nobody = Inga eining er ansvarleg. Avgjer kven som skal ha ansvaret.
ask-help = De bidreg i arbeidet. Hjelp { $responsible } med å bli ferdig, og svar på denne e-posten dersom de ser at det ikkje går.
ask-blocker = Dette ventar på noko som de har ansvaret for. Svar på denne e-posten dersom det ikkje blir ferdig i tide.
ask-dependents = Noko som de har ansvaret for, ventar på dette. Ta det med i planlegginga.
ask-new-date = Det er bede om ein ny dato. Ta stilling til han, og gi { $responsible } svar.
ask-nothing = Dette er til orientering. De treng ikkje gjere noko.
moved = Fristen er flytta, og dette er den nye datoen.
late = { $step ->
    [remind] Denne påminninga skulle ha vore send { $date }; ho er dessverre forseinka.
   *[other] Dette varselet skulle ha vore sendt { $date }; det er dessverre forseinka.
}

## Who and why

those-responsible = dei ansvarlege
the-owner = eigaren av planen
label-due = Frist
label-responsible = Ansvarleg
label-helpers = Bidreg
label-deliver = Skal leverast til
label-waits = Ventar på
label-answer = Siste svar
label-next = Kva skjer vidare
label-why = Kvifor de får dette
label-goal = Mål
label-id = Referanse
waits-for = { $what } ({ $due })
answered = { $date }: { $words }
said = { $says ->
    [acknowledged] lese
    [progress] arbeidet er i gang
    [delivered] levert
    [asked] ber om ny dato
   *[not_ours] ikkje vårt ansvar
}
next = { $step ->
    [again] Kjem det ikkje svar, får de eit nytt varsel { $date }.
    [escalate] Kjem det ikkje svar, går saka vidare til { $to } { $date }.
    [remind] Kjem det ikkje svar, får { $to } ei ny påminning { $date }.
   *[notify] Kjem det ikkje svar, får { $to } beskjed { $date }.
}
role = { $role ->
    [responsible] De har ansvaret.
    [lead] De har hovudansvaret.
    [helpers] De bidreg i arbeidet.
    [owner] De eig planen.
    [leader] De leier ei eining som har ansvaret.
    [blocker] De har ansvaret for noko som dette ventar på.
    [dependents] De har ansvaret for noko som ventar på dette.
   *[unit] De er nemnde i regelen.
}
rule-says = Regelen «{ $rule }» varslar { $why }.
rule-says-about = Regelen «{ $rule }» ({ $about }) varslar { $why }.
why-offset = { $anchor ->
    [due] { $side ->
        [before] { $span } før fristen
        [after] { $span } etter fristen
       *[on] på sjølve dagen
    }
    [start] { $side ->
        [before] { $span } før oppstart
        [after] { $span } etter oppstart
       *[on] på dagen for oppstart
    }
    [answer] { $side ->
        [before] { $span } før siste svar
        [after] { $span } etter siste svar
       *[on] same dag som siste svar
    }
   *[adopted] { $side ->
        [before] { $span } før planen vart vedteken
        [after] { $span } etter at planen vart vedteken
       *[on] den dagen planen vart vedteken
    }
}
why-cron = etter ein fast tidsplan
why-on = { $event ->
    [delivered] når noko er levert
    [moved] når ein frist er flytta
   *[asked] når nokon ber om ein ny dato
}
why-overdue-at-first = om fristar som alt hadde gått ut då planen vart teken i bruk her
why-rule-failed = på sjølve dagen, fordi ein annan regel for fristen ikkje verkar

## Measures

gap-nobody = Inga eining er ansvarleg.
gap-no-deadline = Tiltaket har ingen frist, og det går heller ikkje gjennom ein periode.
gap-undated = { $n ->
    [one] Fristen { $ids } manglar dato.
   *[other] Fristane { $ids } manglar dato.
}
ask-gap-own = Avgjer det som manglar, og før det inn i planen.
ask-gap = Svar på denne e-posten med eit framlegg til det som manglar.
measure-runs = Tiltaket går gjennom heile perioden og har ingen eigen frist.
ask-progress = Svar på denne e-posten med nokre få linjer: Kva er gjort sidan sist? Kva står att? Er det noko som hindrar dykk?
ask-progress-follow = Høyr med { $responsible } korleis det går.

## Overview

overview = Slik står det til med planen
count-overdue = over fristen
count-soon = innan 30 dagar
count-delivered = levert siste månad
count-open = seinare
count-gaps = { $n ->
    [one] mangel
   *[other] manglar
}
ask-overview = Ta kontakt med dei ansvarlege for det som er over fristen, og før inn det som alt er levert.
list-overdue = Over fristen
list-soon = Frist i løpet av 30 dagar
list-delivered = Levert siste månad
list-gaps = Tiltak som manglar dato eller ansvarleg

## Faults

fault = Feil i { $what }
ask-fault = Noko verkar ikkje som det skal. Alt anna i planen blir følgt opp som vanleg. Meldinga kjem frå programmet og er på engelsk:
held = { $n ->
    [one] Éin e-post blir halden tilbake
   *[other] { $n } e-postar blir haldne tilbake
}
ask-held = Ei endring i reglane eller planen ville sendt meir på éin gong enn det som er vanleg, så du blir spurd først. Alt anna i planen blir følgt opp som vanleg. Meldinga kjem frå programmet og er på engelsk:
ask-limit = Det ville gått ut fleire e-postar enn det er sett grense for, så du blir spurd først. Alt anna i planen blir følgt opp som vanleg. Meldinga kjem frå programmet og er på engelsk:

## What the owner hears from the program itself

weekly = Vekemelding
label-sent = Sende
label-failed = Feila, ventar
label-ahead = Komande veke
label-absence = Uteblir ho
weekly-sent = { $n ->
    [0] Ingen e-postar sidan { $since }.
    [one] { $n } e-post sidan { $since }.
   *[other] { $n } e-postar sidan { $since }.
}
weekly-fine = Ingenting, alle e-postar gjekk ut.
weekly-failed = { $parts }.
weekly-gave-up = { $n ->
    [one] { $n } e-post er gitt opp (til { $names })
   *[other] { $n } e-postar er gitt opp (til { $names })
}
weekly-waiting = { $n ->
    [one] { $n } e-post ventar på å bli send
   *[other] { $n } e-postar ventar på å bli sende
}
weekly-held = { $n ->
    [one] { $n } e-post blir halden tilbake til nokon avgjer
   *[other] { $n } e-postar blir haldne tilbake til nokon avgjer
}
weekly-coming = { $n ->
    [0] Ingen e-postar før { $next }, slik det står no.
    [one] { $n } e-post, { $first }, slik det står no.
   *[other] { $n } e-postar, dei første { $first }, slik det står no.
}
weekly-absence = Neste vekemelding kjem { $next }. Kjem ho ikkje, er noko gale: Sjå om programmet går («systemctl status frist»), om e-posttenaren tek imot, og kva «frist status» og «frist check» seier.
and-more = { $names } og { $n } til
stale = { $why ->
    [ended] Perioden til planen gjekk ut { $date }
   *[untouched] Ingen har rørt planen sidan { $date }
}
stale-left = { $parts ->
    [none] Alt i planen er levert.
   *[other] Planen har { $parts }.
}
ask-stale = { $why ->
    [ended] Er arbeidet ferdig, så før inn det som er levert, og ta planen ut av oppsettet. Skal det halde fram, så set ein ny sluttdato for perioden. Påminningar om det som ikkje er levert, går vidare så lenge.
   *[untouched] Ingen har svart på noko, og ingen har endra planen eller reglane. Er planen i bruk, så før inn dei svara som er komne, og flytt dei datoane som ikkje held. Elles kan han takast ut av oppsettet. Påminningane går vidare så lenge.
}

## The letter around it all

greeting = Hei, { $to }
intro = Her er det som gjeld dykk i dag: { $parts }.
part-overdue = { $n ->
    [one] { $n } frist som har gått ut
   *[other] { $n } fristar som har gått ut
}
part-coming = { $n ->
    [one] { $n } frist som kjem
   *[other] { $n } fristar som kjem
}
part-all = { $n ->
    [one] { $n } sak
   *[other] { $n } saker
}
part-other = { $n ->
    [one] { $n } anna sak
   *[other] { $n } andre saker
}
section = { $section ->
    [overdue] Over fristen
    [coming] Kjem
    [undated] Utan dato
    [delivered] Levert
    [fault] Feil
    [gap] Manglar i planen
    [running] I gang
   *[overview] Oversikt
}
answer-heading = Slik svarar de
answer-how = { $owner ->
    [none] Svar på denne e-posten, gjerne med ei av desse setningane:
   *[other] Svar på denne e-posten, gjerne med ei av desse setningane. Svaret går til { $owner }.
}
answer-plain = { $owner ->
    [none] Svar på denne e-posten.
   *[other] Svar på denne e-posten. Svaret går til { $owner }.
}
answer-delivered = «Levert» – og legg ved det som skulle leverast, eller sei kvar det er.
answer-progress = «Vi er i gang» – og skriv kort kor langt de har kome.
answer-new-date = «Vi treng ein ny dato» – og sei kva for ein, og kvifor.
answer-not-ours = «Dette er ikkje vårt» – og sei gjerne kven som har ansvaret.
answer-own-heading = Når de veit meir
answer-own = De eig planen. Før inn svar med «frist done», «frist progress» eller «frist extend» og referansen, så sluttar påminningane.
footer = E-posten er send automatisk for «{ $plan }».

## Subjects

what = { $measure }, { $kind }
more = { $subject } (+{ $n } til)
subject-coming = { $tone ->
    [escalate] Krev oppfølging, frist { $date }: { $what }
    [notify] Til orientering, frist { $date }: { $what }
    [moved] Ny frist { $date }: { $what }
    [asked] Ønske om ny dato, frist { $date }: { $what }
   *[remind] Frist { $date }: { $what }
}
subject-today = { $tone ->
    [escalate] Krev oppfølging, frist i dag, { $date }: { $what }
    [notify] Til orientering, frist i dag, { $date }: { $what }
    [moved] Ny frist i dag, { $date }: { $what }
    [asked] Ønske om ny dato, frist i dag, { $date }: { $what }
   *[remind] Frist i dag, { $date }: { $what }
}
subject-overdue = { $tone ->
    [escalate] Krev oppfølging, fristen gjekk ut { $date }: { $what }
    [notify] Til orientering, fristen gjekk ut { $date }: { $what }
    [moved] Ny frist, gjekk ut { $date }: { $what }
    [asked] Ønske om ny dato, fristen gjekk ut { $date }: { $what }
   *[remind] Fristen gjekk ut { $date }: { $what }
}
subject-undated = { $tone ->
    [escalate] Krev oppfølging, frist utan dato: { $what }
    [notify] Til orientering, frist utan dato: { $what }
    [moved] Fristen har ikkje lenger nokon dato: { $what }
    [asked] Ønske om ny dato: { $what }
   *[remind] Frist utan dato: { $what }
}
subject-delivered = Levert { $date }: { $what }
subject-gap = Manglar i planen: { $what }
subject-progress = Korleis går det med { $what }
subject-overview = Oversikt: { $overdue ->
    [0] ingen fristar har gått ut
    [one] { $overdue } frist har gått ut
   *[other] { $overdue } fristar har gått ut
}, { $soon ->
    [0] ingen kjem dei neste 30 dagane
    [one] { $soon } kjem dei neste 30 dagane
   *[other] { $soon } kjem dei neste 30 dagane
}
subject-fault = Feil i { $what }: { $plan }
subject-held = { $n ->
    [one] Éin e-post blir halden tilbake: { $plan }
   *[other] { $n } e-postar blir haldne tilbake: { $plan }
}
subject-weekly = Vekemelding: { $sent } sende, { $open } feila eller ventar, { $coming } kjem ({ $plan })
subject-stale = { $stale }: { $plan }
