# The page before a plan is adopted, in Norwegian Nynorsk; dates and holidays are those of mails.
# The same messages and variables as in nb.ftl and en.ftl; a test holds them equal.

adopt-lead = { $n ->
    [0] Før vedtaket { $day }: ingenting å sjå på
    [one] Før vedtaket { $day }: éin ting å sjå på
   *[other] Før vedtaket { $day }: { $n } ting å sjå på
}
adopt-size = { $measures } tiltak, { $deadlines } fristar, { $units } einingar
adopt-more = og { $n } til
adopt-footer = «frist check» viser kvar i filene det kan rettast.

adopt-gaps = Tiltak utan dato eller ansvarleg
adopt-gaps-about = Utan dato blir ingen minna om noko. Utan ansvarleg får ingen vite at det gjeld dei.
adopt-gaps-none = Alle tiltak har både dato og ansvarleg.
adopt-lacks = { $lacks ->
    [date] utan dato
    [unit] utan ansvarleg
   *[both] utan dato og utan ansvarleg
}
adopt-lacking = «{ $title }» er { adopt-lacks }

adopt-free = Fristar på helge- og heilagdagar
adopt-free-about = Datoen står som han er vedteken. Påminningane går ut på arbeidsdagar og nemner arbeidsdagen før.
adopt-free-none = Ingen frist fell på ein helge- eller heilagdag.
adopt-free-before = { $why ->
    [named] fridag ({ $name }); arbeidsdagen før: { weekday } { day-and-month }
   *[weekend] arbeidsdagen før: { weekday } { day-and-month }
}

adopt-past = Fristar som alt er passerte
adopt-past-about = Gi dei ein ny dato, eller skriv når det vart levert. Elles tek planen til på etterskot.
adopt-past-none = Alle fristar ligg framfor.
adopt-past-days = { $n ->
    [one] éin dag før vedtaket
   *[other] { $n } dagar før vedtaket
}

adopt-busy = Mange fristar i same veka
adopt-busy-about = Ei eining med tre eller fleire fristar i éi veke rekk dei neppe alle.
adopt-busy-none = Inga eining har meir enn to fristar i ei veke.
adopt-week = veke { $week }, { $year }

adopt-unremindable = Plikter ingen kan bli minna om
adopt-unremindable-about = Planen lovar det, men det finst ingen å skrive til, eller ingen dag å skrive på.
adopt-unremindable-none = Alt planen lovar, har ein regel, ein dag og ei adresse.
adopt-obstacle = { $obstacle ->
    [date] ingen dato
    [unit] ingen ansvarleg
    [address] inga adresse
   *[rule] ingen regel
}

adopt-address = Einingar ingen kan skrive til
adopt-address-about = E-post om det dei har ansvar for, når ingen.
adopt-address-none = Alle som planen vedkjem, har ei e-postadresse.
adopt-address-of = ansvarleg for { $what }
