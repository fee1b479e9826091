# The page before a plan is adopted, in Norwegian Bokmål; dates and holidays are those of mails.
# The same messages and variables as in nn.ftl and en.ftl; a test holds them equal.

adopt-lead = { $n ->
    [0] Før vedtaket { $day }: ingenting å se på
    [one] Før vedtaket { $day }: én ting å se på
   *[other] Før vedtaket { $day }: { $n } ting å se på
}
adopt-size = { $measures } tiltak, { $deadlines } frister, { $units } enheter
adopt-more = og { $n } til
adopt-footer = «frist check» viser hvor i filene det kan rettes.

adopt-gaps = Tiltak uten dato eller ansvarlig
adopt-gaps-about = Uten dato blir ingen minnet om noe. Uten ansvarlig får ingen vite at det gjelder dem.
adopt-gaps-none = Alle tiltak har både dato og ansvarlig.
adopt-lacks = { $lacks ->
    [date] uten dato
    [unit] uten ansvarlig
   *[both] uten dato og uten ansvarlig
}
adopt-lacking = «{ $title }» er { adopt-lacks }

adopt-free = Frister på helge- og helligdager
adopt-free-about = Datoen står som den er vedtatt. Påminnelsene går ut på arbeidsdager og nevner arbeidsdagen før.
adopt-free-none = Ingen frist faller på en helge- eller helligdag.
adopt-free-before = { $why ->
    [named] fridag ({ $name }); arbeidsdagen før: { weekday } { day-and-month }
   *[weekend] arbeidsdagen før: { weekday } { day-and-month }
}

adopt-past = Frister som allerede er passert
adopt-past-about = Gi dem en ny dato, eller skriv når det ble levert. Ellers begynner planen på etterskudd.
adopt-past-none = Alle frister ligger foran.
adopt-past-days = { $n ->
    [one] én dag før vedtaket
   *[other] { $n } dager før vedtaket
}

adopt-busy = Mange frister i samme uke
adopt-busy-about = En enhet med tre eller flere frister i én uke rekker dem neppe alle.
adopt-busy-none = Ingen enhet har mer enn to frister i en uke.
adopt-week = uke { $week }, { $year }

adopt-unremindable = Forpliktelser ingen kan bli minnet om
adopt-unremindable-about = Planen lover det, men det finnes ingen å skrive til, eller ingen dag å skrive på.
adopt-unremindable-none = Alt planen lover, har en regel, en dag og en adresse.
adopt-obstacle = { $obstacle ->
    [date] ingen dato
    [unit] ingen ansvarlig
    [address] ingen adresse
   *[rule] ingen regel
}

adopt-address = Enheter ingen kan skrive til
adopt-address-about = E-post om det de har ansvar for, når ingen.
adopt-address-none = Alle som planen angår, har en e-postadresse.
adopt-address-of = ansvarlig for { $what }
