foot = Ihr Passwort bleibt beim Anbieter. Keybearer bewahrt die Verbindung.
support = Hilfe
languages = Sprache
development = Entwicklung
    .text = Diese Anwendung wird noch entwickelt: nur zum Testen.
stands-in = Entwicklung: Der Sandbox-Anbieter auf diesem Rechner steht für { $providers } ein.
date = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
  } { $year }

connect = { $provider } mit { $application } verbinden
reconnect = { $provider } erneut mit { $application } verbinden
connect-several = Ihre Konten mit { $application } verbinden
reconnect-several = Ihre Konten erneut mit { $application } verbinden
asks = { $application } möchte ein Konto von { $person } verbinden. Wenn Sie das nicht sind, schließen Sie diese Seite.
asks-again = { $application } möchte eine Verbindung von { $person } erneuern. Wenn Sie das nicht sind, schließen Sie diese Seite.
asks-test = Ein Mitglied von { $application } testet diese Verbindung mit einem eigenen Konto. Am Ende wird alles zurückgegeben.
nothing-offered = { $application } bietet derzeit keinen Anbieter an. Gehen Sie zurück und versuchen Sie es später noch einmal.
next = Als Nächstes öffnet sich { $provider }: Melden Sie sich dort an und erlauben Sie den Zugriff. Keybearer bewahrt die Zugangsschlüssel dann für { $application } auf, bis Sie die Verbindung hier oder bei { $provider } trennen.
next-test = Als Nächstes öffnet sich { $provider }: Melden Sie sich dort mit Ihrem eigenen Konto an und erlauben Sie den Zugriff. Der Test läuft dann von selbst und zeigt seinen Bericht.
next-several = Als Nächstes wählen Sie, womit Sie beginnen, melden sich dort an und erlauben den Zugriff. Keybearer bewahrt die Zugangsschlüssel dann für { $application } auf, bis Sie die Verbindung hier oder beim Anbieter trennen.
may = { $application } darf danach:
continue = Weiter
connected = Verbunden
not-connected = Nicht verbunden: { $why }

failed-declined = Der Zugriff wurde beim Anbieter abgelehnt.
failed-unavailable = Der Anbieter ist derzeit nicht erreichbar.
failed-refused = Der Anbieter hat die Anfrage abgelehnt.
failed-interrupted = Die Antwort des Anbieters ist nicht angekommen. Ob der Zugriff erteilt wurde, ist nicht bekannt.
failed-credentials = Der Anbieter nimmt die Zugangsdaten der Anwendung nicht an. Sagen Sie der Anwendung Bescheid.
failed-switched-off = Der Anbieter wurde inzwischen abgeschaltet.
failed-other-account = Es wurde ein anderes Konto bei { $provider } gewählt als das, das erneut verbunden werden soll. Melden Sie sich bei { $provider } mit dem richtigen an und versuchen Sie es noch einmal.
failed-unconfirmed = Die Anwendung hat nicht rechtzeitig bestätigt, dass Sie es waren.
failed-here = Hier ist etwas schiefgegangen; es wurde nichts verbunden.
failed-words = Die Antwort war: „{ $words }“

more = Weitere verbinden oder abschließen
first = Ihre Konten verbinden
done = Fertig
stop = Hier aufhören
good = { $provider } ist verbunden
bad = { $provider } ist nicht verbunden
good-several = Ihre Konten sind verbunden
bad-several = Es ist nichts verbunden
again = Um es noch einmal zu versuchen, beginnen Sie erneut bei { $application }.
confirms = { $application } schließt dies ab, sobald Sie dorthin zurückgekehrt sind.
usable = { $application } kann die Verbindung jetzt nutzen. Sie können sie jederzeit beenden, hier oder beim Anbieter.
back = Zurück zu { $application }
close = Sie können dieses Fenster schließen und zu { $application } zurückkehren.

unknown = Dieser Link ist nicht bekannt
    .text = Vielleicht ist er unvollständig: Öffnen Sie ihn noch einmal dort, wo Sie ihn bekommen haben, oder bitten Sie die Anwendung um einen neuen.
expired = Dieser Link ist abgelaufen
    .text = Solche Links gelten nur kurze Zeit. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal.
finished = Dieser Link wurde schon verwendet
    .text = Jeder Link gilt einmal. Wenn noch etwas fehlt, gehen Sie zurück zur Anwendung und beginnen Sie noch einmal.
paused = Das Verbinden ruht gerade
    .text = Dieser Dienst wird umgezogen oder wiederhergestellt. Nichts geht verloren: Öffnen Sie diesen Link nach einer Weile noch einmal.
elsewhere = Bereits woanders begonnen
    .text = Jemand hat in einem anderen Browser auf „Weiter“ gedrückt. Fahren Sie dort fort. Wenn Sie das nicht waren, sagen Sie der Anwendung Bescheid und beginnen Sie dort noch einmal.
other-browser = Dies wurde in einem anderen Browser begonnen
    .text = Es ist nichts verbunden. Gehen Sie zurück zu dem Browser, in dem Sie auf „Weiter“ gedrückt haben, oder beginnen Sie in diesem noch einmal bei der Anwendung.
empty = Der Anbieter hat nichts zurückgeschickt
    .text = Seine Antwort enthielt weder eine Erlaubnis noch einen Fehler, deshalb ist nichts verbunden. Beginnen Sie noch einmal bei der Anwendung.
unexpected = Diese Antwort wurde nicht erwartet
    .text = Sie gehört zu keiner Verbindung, die hier begonnen wurde, oder zu einer, die längst vorbei ist. Es ist nichts verbunden. Beginnen Sie noch einmal bei der Anwendung.
not-here = In diesem Browser gibt es nichts zu sehen
    .text = Nur der Browser, in dem auf „Weiter“ gedrückt wurde, zeigt das Ergebnis. Vielleicht sind Cookies abgeschaltet oder gelöscht: Dann beginnen Sie noch einmal bei der Anwendung.
not-offered = Das steht nicht zur Auswahl
    .text = Dieser Anbieter steht hier nicht zur Auswahl oder ist bereits verbunden. Gehen Sie zurück und wählen Sie einen anderen.
switched-off = Derzeit nicht möglich
    .text = Die Anwendung hat diesen Anbieter abgeschaltet. Gehen Sie zurück und versuchen Sie es später noch einmal.
too-often = Zu viele Versuche
    .text = Warten Sie einige Minuten und versuchen Sie es dann noch einmal.
broken = Hier ist etwas schiefgegangen
    .text = Versuchen Sie es gleich noch einmal.
    .request = Es hat sich nichts geändert. Versuchen Sie es gleich noch einmal; wenn es so bleibt, nennen Sie der Anwendung diese Kennung:
began = Beginnen Sie bei { $application }
    .said = Sie haben { $application } bei { $provider } hinzugefügt, aber { $application } weiß noch nicht, für wen.
    .text = Bisher ist nichts verbunden. Melden Sie sich bei { $application } an und verbinden Sie { $provider } von dort aus: Nur so ist klar, dass dieses Konto Ihnen gehört.

manage = Ihre verbundenen Konten
    .text = { $person }, diese Konten sind mit { $application } verbunden.
    .nothing = Derzeit ist nichts mit { $application } verbunden. Was verbunden ist, können Sie hier beenden.
works = Verbunden
needs = Erneut verbinden
lost-refused = { $provider } gewährt keinen Zugriff mehr.
lost-superseded = Sie haben den Zugriff an anderer Stelle noch einmal erlaubt; dadurch endete dieser.
lost-removed = Der Zugriff wurde bei { $provider } entfernt.
lost-idle = Die Verbindung wurde zu lange nicht genutzt, deshalb hat { $provider } den Zugriff beendet.
lost-scopes = Die Berechtigungen bei { $provider } haben sich geändert.
since = Verbunden seit
last-used = Zuletzt genutzt
never-used = Noch nie
granted = { $application } darf
disconnect = Trennen
disconnect-what = Konto { $account } bei { $provider } trennen
reconnect-what = Erneut verbinden
ask = { $provider } trennen?
    .text = { $application } verliert sofort den Zugriff auf { $account }, und Keybearer löscht die Zugangsschlüssel. Was { $application } schon gespeichert hat, bleibt dort.
    .later = Sie können das Konto jederzeit von { $application } aus wieder verbinden.
keep = Behalten
over = { $provider } ist getrennt
    .text = { $application } kann { $account } nicht mehr nutzen.
over-revoked = Auch { $provider } hat den Zugriff beendet.
over-pending = { $provider } hat noch nicht geantwortet. Keybearer fragt weiter nach, bis der Zugriff auch dort beendet ist.
over-unsupported = Bei { $provider } kann Keybearer den Zugriff nicht beenden. Um sicherzugehen, entfernen Sie { $application } in den Einstellungen Ihres Kontos bei { $provider }.
over-failed = { $provider } hat nicht bestätigt, dass der Zugriff beendet ist. Um sicherzugehen, entfernen Sie { $application } in den Einstellungen Ihres Kontos bei { $provider }.
over-kept = Andere Verbindungen desselben Kontos bei { $provider } bestehen weiter.
