# What end users read on connect pages. Each language has the same messages with the same variables.

# Around every page
foot = Your password stays with the provider. Keybearer keeps the connection.
support = Help
languages = Language
development = Development
    .text = This application is under development: for tests only.
stands-in = Development: the sandbox provider on this machine stands in for { $providers }.
date = { $month ->
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
  } { $day }, { $year }

# Before Continue
connect = Connect { $provider } to { $application }
reconnect = Reconnect { $provider } to { $application }
connect-several = Connect your accounts to { $application }
reconnect-several = Reconnect your accounts to { $application }
asks = { $application } asks to connect an account of { $person }. If that is not you, close this page.
asks-again = { $application } asks to renew a connection of { $person }. If that is not you, close this page.
asks-test = A member of { $application } tests this connection with an account of their own. Everything is given back at the end.
nothing-offered = { $application } offers no provider at the moment. Go back and try again later.
next = { $provider } opens next: sign in there and allow the access. Keybearer then keeps the tokens for { $application }, until you disconnect it here or at { $provider }.
next-test = { $provider } opens next: sign in there with your own account and allow the access. The test then runs by itself and shows its report.
next-several = Next you choose where to begin, sign in there and allow the access. Keybearer then keeps the tokens for { $application }, until you disconnect it here or at the provider.
may = { $application } may then:
continue = Continue
connected = Connected
not-connected = Not connected: { $why }

# Why an account was not connected
failed-declined = Access was declined at the provider.
failed-unavailable = The provider is not available at the moment.
failed-refused = The provider refused the request.
failed-interrupted = The provider's answer did not arrive. Whether access was given is not known.
failed-credentials = The provider does not accept the application's credentials. Tell the application.
failed-switched-off = The provider was switched off meanwhile.
failed-other-account = Another { $provider } account was chosen than the one that is to be reconnected. Sign in to { $provider } with the right one and try again.
failed-unconfirmed = The application did not confirm in time that it was you.
failed-here = Something went wrong here; nothing was connected.
failed-words = The answer was: “{ $words }”

# Afterwards
more = Connect more, or be done
first = Connect your accounts
done = Done
stop = Stop here
good = { $provider } is connected
bad = { $provider } is not connected
good-several = Your accounts are connected
bad-several = Nothing is connected
again = To try again, start from { $application } once more.
confirms = { $application } finishes this as soon as you are back there.
usable = { $application } can use the connection now. You can end it at any time, here or at the provider.
back = Back to { $application }
close = You can close this window and go back to { $application }.

# Problems
unknown = This link is not known
    .text = It may be incomplete: open it once more from where you got it, or ask the application for a new one.
expired = This link has expired
    .text = Links like this work for a short time only. Go back to the application and start again.
finished = This link was used already
    .text = Each link works once. If something is still missing, go back to the application and start again.
paused = Connecting is paused
    .text = This service is being moved or restored. Nothing is lost: open this link again in a while.
elsewhere = Already started elsewhere
    .text = Somebody pressed Continue in another browser. Go on there. If that was not you, tell the application, and start again from it.
other-browser = This was started in another browser
    .text = Nothing is connected. Go back to the browser in which you pressed Continue, or start again from the application in this one.
empty = The provider sent nothing back
    .text = There was neither a permission nor an error in its answer, so nothing is connected. Start again from the application.
unexpected = This answer was not expected
    .text = It belongs to no connection that was started here, or to one that is long over. Nothing is connected. Start again from the application.
not-here = Nothing to see in this browser
    .text = Only the browser that pressed Continue sees how it went. Cookies may be off or deleted: then start again from the application.
not-offered = That is not on offer
    .text = This provider is not on offer here, or connected already. Go back and choose another one.
switched-off = Not possible at the moment
    .text = The application has switched this provider off. Go back to it and try again later.
too-often = Too many tries
    .text = Wait a few minutes, then try again.
broken = Something went wrong here
    .text = Try again in a moment.
    .request = Nothing is changed. Try again in a moment; if it goes on, tell the application this id:
began = Start from { $application }
    .said = You added { $application } at { $provider }, but { $application } does not know yet for whom.
    .text = Nothing is connected so far. Sign in to { $application } and connect { $provider } from there: only so does it know that this account is yours.

# Self-service
manage = Your connected accounts
    .text = { $person }, these accounts are connected to { $application }.
    .nothing = Nothing is connected to { $application } at the moment. When something is, you can end it here.
works = Connected
needs = Reconnect needed
lost-refused = { $provider } no longer gives access.
lost-superseded = You allowed the access once more elsewhere, which ended this one.
lost-removed = The access was removed at { $provider }.
lost-idle = It was not used for too long, so { $provider } ended the access.
lost-scopes = The permissions at { $provider } have changed.
since = Connected since
last-used = Last used
never-used = Not yet
granted = { $application } may
disconnect = Disconnect
disconnect-what = Disconnect { $provider } account { $account }
reconnect-what = Reconnect
ask = Disconnect { $provider }?
    .text = { $application } loses the access to { $account } at once, and Keybearer erases the tokens. What { $application } has stored already stays there.
    .later = You can connect it again from { $application } at any time.
keep = Keep it
over = { $provider } is disconnected
    .text = { $application } can no longer use { $account }.
over-revoked = { $provider } has ended the access too.
over-pending = { $provider } has not answered yet. Keybearer asks again until the access has ended there too.
over-unsupported = { $provider } has no way for Keybearer to end the access. To be sure, remove { $application } in the settings of your { $provider } account.
over-failed = { $provider } did not confirm that the access has ended. To be sure, remove { $application } in the settings of your { $provider } account.
over-kept = Other connections of the same { $provider } account go on.
