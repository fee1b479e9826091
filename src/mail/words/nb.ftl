# Mails in Norwegian Bokmål. The same messages and variables as in nn.ftl and en.ftl; a test holds them equal.

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
    [1] mandag
    [2] tirsdag
    [3] onsdag
    [4] torsdag
    [5] fredag
    [6] lørdag
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
    [one] { $n } måned
   *[other] { $n } måneder
}
days = { $n ->
    [one] { $n } dag
   *[other] { $n } dager
}
workdays = { $n ->
    [one] { $n } arbeidsdag
   *[other] { $n } arbeidsdager
}
days-left = { $n ->
    [0] I dag
    [1] I morgen
   *[other] Om { $n } dager
}
days-overdue = { $n ->
    [one] { $n } dag over fristen
   *[other] { $n } dager over fristen
}
workdays-left = { $n ->
    [0] ingen arbeidsdager igjen
    [one] { $n } arbeidsdag igjen
   *[other] { $n } arbeidsdager igjen
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
decided-as = vedtatt som «{ $words }»
no-date = Ingen dato er satt
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
    [weekend] Fristen faller på en { weekday }
    [named] Fristen faller på en fridag ({ $name })
   *[unnamed] Fristen faller på en fridag i planen
}
last-workday = { $free }. Siste arbeidsdag før den er { $date }.

## What is asked for

do = { $kind ->
    [summary] Send oppsummeringen til { $to }
    [note] Send notatet til { $to }
    [report] Send rapporten til { $to }
    [survey] Gjennomfør kartleggingen og send resultatet til { $to }
    [start] Sett arbeidet i gang og si fra til { $to }
    [assessment] Send vurderingen til { $to }
    [programme] Send programmet til { $to }
    [meeting] Hold møtet og si fra til { $to }
    [application] Send søknaden og si fra til { $to }
   *[other] Gjør ferdig det som skal leveres, og send det til { $to }
}
do-alone = { $kind ->
    [summary] Gjør ferdig oppsummeringen
    [note] Gjør ferdig notatet
    [report] Gjør ferdig rapporten
    [survey] Gjennomfør kartleggingen
    [start] Sett arbeidet i gang
    [assessment] Gjør ferdig vurderingen
    [programme] Gjør ferdig programmet
    [meeting] Hold møtet
    [application] Send søknaden
   *[other] Gjør ferdig det som skal leveres
}
ask-coming = { $do } innen fristen. { $own ->
    [yes] Rekker dere det ikke, så før inn status eller en ny dato.
   *[no] Rekker dere det ikke, så svar på denne e-posten med status, eller be om en ny dato.
}
ask-overdue = { $do } så snart som mulig. { $own ->
    [yes] Tar det lengre tid, så før inn status eller en ny dato.
   *[no] Tar det lengre tid, så svar på denne e-posten med status, eller be om en ny dato.
}
ask-undated = Det er ikke satt noen dato. { $own ->
    [yes] Bestem når det skal være ferdig, og før datoen inn i planen.
   *[no] Svar på denne e-posten med en dato som dere foreslår.
}
ask-follow-coming = Følg opp sammen med { $responsible }, så det blir ferdig i tide.
ask-follow-overdue = Det er ikke meldt fra om at dette er gjort. Ta kontakt med { $responsible } og bli enige om når det blir ferdig, eller sett en ny dato.
ask-follow-undated = Det er ikke satt noen dato. Bli enige med { $responsible } om når det skal være ferdig.
ask-nobody = Ingen enhet er ansvarlig. Bestem hvem som skal ha ansvaret.
ask-help = Dere bidrar i arbeidet. Hjelp { $responsible } med å bli ferdig, og svar på denne e-posten hvis dere ser at det ikke går.
ask-blocker = Dette venter på noe som dere har ansvaret for. Svar på denne e-posten hvis det ikke blir ferdig i tide.
ask-dependents = Noe som dere har ansvaret for, venter på dette. Ta det med i planleggingen deres.
ask-new-date = Det er bedt om en ny dato. Ta stilling til den, og gi { $responsible } svar.
ask-nothing = Dette er til orientering. Dere trenger ikke gjøre noe.
moved = Fristen er flyttet, og dette er den nye datoen.
late = { $step ->
    [remind] Denne påminnelsen skulle vært sendt { $date }; den er dessverre forsinket.
   *[other] Dette varselet skulle vært sendt { $date }; det er dessverre forsinket.
}

## Who and why

those-responsible = de ansvarlige
the-owner = planens eier
label-due = Frist
label-responsible = Ansvarlig
label-helpers = Bidrar
label-deliver = Leveres til
label-waits = Venter på
label-answer = Siste svar
label-next = Hva skjer videre
label-why = Hvorfor dere får dette
label-goal = Mål
label-id = Referanse
waits-for = { $what } ({ $due })
answered = { $date }: { $words }
said = { $says ->
    [acknowledged] lest
    [progress] arbeidet er i gang
    [delivered] levert
    [asked] ber om ny dato
   *[not_ours] ikke vårt ansvar
}
next = { $step ->
    [again] Kommer det ikke svar, får dere et nytt varsel { $date }.
    [escalate] Kommer det ikke svar, går saken videre til { $to } { $date }.
    [remind] Kommer det ikke svar, får { $to } en ny påminnelse { $date }.
   *[notify] Kommer det ikke svar, får { $to } beskjed { $date }.
}
role = { $role ->
    [responsible] Dere har ansvaret.
    [lead] Dere har hovedansvaret.
    [helpers] Dere bidrar i arbeidet.
    [owner] Dere eier planen.
    [leader] Dere leder en enhet som har ansvaret.
    [blocker] Dere har ansvaret for noe som dette venter på.
    [dependents] Dere har ansvaret for noe som venter på dette.
   *[unit] Dere er nevnt i regelen.
}
rule-says = Regelen «{ $rule }» varsler { $why }.
rule-says-about = Regelen «{ $rule }» ({ $about }) varsler { $why }.
why-offset = { $anchor ->
    [due] { $side ->
        [before] { $span } før fristen
        [after] { $span } etter fristen
       *[on] på selve dagen
    }
    [start] { $side ->
        [before] { $span } før oppstart
        [after] { $span } etter oppstart
       *[on] på dagen for oppstart
    }
    [answer] { $side ->
        [before] { $span } før siste svar
        [after] { $span } etter siste svar
       *[on] samme dag som siste svar
    }
   *[adopted] { $side ->
        [before] { $span } før planen ble vedtatt
        [after] { $span } etter at planen ble vedtatt
       *[on] den dagen planen ble vedtatt
    }
}
why-cron = etter en fast tidsplan
why-on = { $event ->
    [delivered] når noe er levert
    [moved] når en frist er flyttet
   *[asked] når noen ber om en ny dato
}
why-overdue-at-first = om frister som alt hadde gått ut da planen ble tatt i bruk her
why-rule-failed = på selve dagen, fordi en annen regel for fristen ikke virket

## Measures

gap-nobody = Ingen enhet er ansvarlig.
gap-no-deadline = Tiltaket har ingen frist, og det går heller ikke gjennom en periode.
gap-undated = { $n ->
    [one] Fristen { $ids } mangler dato.
   *[other] Fristene { $ids } mangler dato.
}
ask-gap-own = Bestem det som mangler, og før det inn i planen.
ask-gap = Svar på denne e-posten med et forslag til det som mangler.
measure-runs = Tiltaket går gjennom hele perioden og har ingen egen frist.
ask-progress = Svar på denne e-posten med noen få linjer: Hva er gjort siden sist? Hva står igjen? Er det noe som hindrer dere?
ask-progress-follow = Hør med { $responsible } hvordan det går.

## Overview

overview = Slik står det til med planen
count-overdue = over fristen
count-soon = innen 30 dager
count-delivered = levert siste måned
count-open = senere
count-gaps = { $n ->
    [one] mangel
   *[other] mangler
}
ask-overview = Ta kontakt med de ansvarlige for det som er over fristen, og før inn det som alt er levert.
list-overdue = Over fristen
list-soon = Frist i løpet av 30 dager
list-delivered = Levert siste måned
list-gaps = Tiltak som mangler dato eller ansvarlig

## Faults

fault = Feil i { $what }
ask-fault = Noe virker ikke som det skal. Alt annet i planen følges opp som vanlig. Meldingen kommer fra programmet og er på engelsk:
held = { $n ->
    [one] Én e-post holdes tilbake
   *[other] { $n } e-poster holdes tilbake
}
ask-held = En endring i reglene eller planen ville sendt mer på én gang enn det som er vanlig, så du blir spurt først. Alt annet i planen følges opp som vanlig. Meldingen kommer fra programmet og er på engelsk:
ask-limit = Det ville gått ut flere e-poster enn det er satt grense for, så du blir spurt først. Alt annet i planen følges opp som vanlig. Meldingen kommer fra programmet og er på engelsk:

## What the owner hears from the program itself

weekly = Ukemelding
label-sent = Sendt
label-failed = Feilet, venter
label-ahead = Kommende uke
label-absence = Uteblir den
weekly-sent = { $n ->
    [0] Ingen e-poster siden { $since }.
    [one] { $n } e-post siden { $since }.
   *[other] { $n } e-poster siden { $since }.
}
weekly-fine = Ingenting, alle e-poster gikk ut.
weekly-failed = { $parts }.
weekly-gave-up = { $n ->
    [one] { $n } e-post er gitt opp (til { $names })
   *[other] { $n } e-poster er gitt opp (til { $names })
}
weekly-waiting = { $n ->
    [one] { $n } e-post venter på å bli sendt
   *[other] { $n } e-poster venter på å bli sendt
}
weekly-held = { $n ->
    [one] { $n } e-post holdes tilbake til noen bestemmer
   *[other] { $n } e-poster holdes tilbake til noen bestemmer
}
weekly-coming = { $n ->
    [0] Ingen e-poster før { $next }, slik det står nå.
    [one] { $n } e-post, { $first }, slik det står nå.
   *[other] { $n } e-poster, de første { $first }, slik det står nå.
}
weekly-absence = Neste ukemelding kommer { $next }. Kommer den ikke, er noe galt: Se om programmet går («systemctl status frist»), om e-posttjeneren tar imot, og hva «frist status» og «frist check» sier.
and-more = { $names } og { $n } til
stale = { $why ->
    [ended] Planens periode gikk ut { $date }
   *[untouched] Ingen har rørt planen siden { $date }
}
stale-left = { $parts ->
    [none] Alt i planen er levert.
   *[other] Planen har { $parts }.
}
ask-stale = { $why ->
    [ended] Er arbeidet ferdig, så før inn det som er levert, og ta planen ut av oppsettet. Skal det fortsette, så sett en ny sluttdato for perioden. Påminnelser om det som ikke er levert, går videre så lenge.
   *[untouched] Ingen har svart på noe, og ingen har endret planen eller reglene. Er planen i bruk, så før inn de svarene som er kommet, og flytt de datoene som ikke holder. Ellers kan den tas ut av oppsettet. Påminnelsene går videre så lenge.
}

## The letter around it all

greeting = Hei, { $to }
intro = Her er det som gjelder dere i dag: { $parts }.
part-overdue = { $n ->
    [one] { $n } frist som har gått ut
   *[other] { $n } frister som har gått ut
}
part-coming = { $n ->
    [one] { $n } frist som kommer
   *[other] { $n } frister som kommer
}
part-all = { $n ->
    [one] { $n } sak
   *[other] { $n } saker
}
part-other = { $n ->
    [one] { $n } annen sak
   *[other] { $n } andre saker
}
section = { $section ->
    [overdue] Over fristen
    [coming] Kommer
    [undated] Uten dato
    [delivered] Levert
    [fault] Feil
    [gap] Mangler i planen
    [running] Pågår
   *[overview] Oversikt
}
answer-heading = Slik svarer dere
answer-how = { $owner ->
    [none] Svar på denne e-posten, gjerne med en av disse setningene:
   *[other] Svar på denne e-posten, gjerne med en av disse setningene. Svaret går til { $owner }.
}
answer-plain = { $owner ->
    [none] Svar på denne e-posten.
   *[other] Svar på denne e-posten. Svaret går til { $owner }.
}
answer-delivered = «Levert» – og legg ved det som skulle leveres, eller si hvor det er.
answer-progress = «Vi er i gang» – og skriv kort hvor langt dere er kommet.
answer-new-date = «Vi trenger en ny dato» – og si hvilken, og hvorfor.
answer-not-ours = «Dette er ikke vårt» – og si gjerne hvem som har ansvaret.
answer-own-heading = Når dere vet mer
answer-own = Dere eier planen. Før inn svar med «frist done», «frist progress» eller «frist extend» og referansen, så slutter påminnelsene.
footer = E-posten er sendt automatisk for «{ $plan }».

## Subjects

what = { $measure }, { $kind }
more = { $subject } (+{ $n } til)
subject-coming = { $tone ->
    [escalate] Krever oppfølging, frist { $date }: { $what }
    [notify] Til orientering, frist { $date }: { $what }
    [moved] Ny frist { $date }: { $what }
    [asked] Ønske om ny dato, frist { $date }: { $what }
   *[remind] Frist { $date }: { $what }
}
subject-today = { $tone ->
    [escalate] Krever oppfølging, frist i dag, { $date }: { $what }
    [notify] Til orientering, frist i dag, { $date }: { $what }
    [moved] Ny frist i dag, { $date }: { $what }
    [asked] Ønske om ny dato, frist i dag, { $date }: { $what }
   *[remind] Frist i dag, { $date }: { $what }
}
subject-overdue = { $tone ->
    [escalate] Krever oppfølging, fristen gikk ut { $date }: { $what }
    [notify] Til orientering, fristen gikk ut { $date }: { $what }
    [moved] Ny frist, gikk ut { $date }: { $what }
    [asked] Ønske om ny dato, fristen gikk ut { $date }: { $what }
   *[remind] Fristen gikk ut { $date }: { $what }
}
subject-undated = { $tone ->
    [escalate] Krever oppfølging, frist uten dato: { $what }
    [notify] Til orientering, frist uten dato: { $what }
    [moved] Fristen har ikke lenger noen dato: { $what }
    [asked] Ønske om ny dato: { $what }
   *[remind] Frist uten dato: { $what }
}
subject-delivered = Levert { $date }: { $what }
subject-gap = Mangler i planen: { $what }
subject-progress = Hvordan går det med { $what }
subject-overview = Oversikt: { $overdue ->
    [0] ingen frister har gått ut
    [one] { $overdue } frist har gått ut
   *[other] { $overdue } frister har gått ut
}, { $soon ->
    [0] ingen kommer de neste 30 dagene
    [one] { $soon } kommer de neste 30 dagene
   *[other] { $soon } kommer de neste 30 dagene
}
subject-fault = Feil i { $what }: { $plan }
subject-held = { $n ->
    [one] Én e-post holdes tilbake: { $plan }
   *[other] { $n } e-poster holdes tilbake: { $plan }
}
subject-weekly = Ukemelding: { $sent } sendt, { $open } feilet eller venter, { $coming } kommer ({ $plan })
subject-stale = { $stale }: { $plan }
