foot = Votre mot de passe reste chez le fournisseur. Keybearer conserve la connexion.
support = Aide
languages = Langue
development = Développement
    .text = Cette application est en cours de développement : réservée aux tests.
stands-in = Développement : le fournisseur « sandbox » de cette machine remplace { $providers }.
date = { $day ->
    [1] 1er
   *[other] { $day }
  } { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
  } { $year }

connect = Connecter { $provider } à { $application }
reconnect = Reconnecter { $provider } à { $application }
connect-several = Connecter vos comptes à { $application }
reconnect-several = Reconnecter vos comptes à { $application }
asks = { $application } demande à connecter un compte de { $person }. Si ce n’est pas vous, fermez cette page.
asks-again = { $application } demande à renouveler une connexion de { $person }. Si ce n’est pas vous, fermez cette page.
asks-test = Un membre de { $application } teste cette connexion avec son propre compte. Tout est rendu à la fin.
nothing-offered = { $application } ne propose aucun fournisseur pour le moment. Revenez en arrière et réessayez plus tard.
next = { $provider } va s’ouvrir : identifiez-vous et autorisez l’accès. Keybearer conserve ensuite les jetons pour { $application }, jusqu’à ce que vous supprimiez la connexion ici ou chez { $provider }.
next-test = { $provider } va s’ouvrir : identifiez-vous avec votre propre compte et autorisez l’accès. Le test se déroule ensuite tout seul et affiche son rapport.
next-several = Vous allez choisir par où commencer, vous identifier et autoriser l’accès. Keybearer conserve ensuite les jetons pour { $application }, jusqu’à ce que vous supprimiez la connexion ici ou chez le fournisseur.
may = { $application } pourra alors :
continue = Continuer
connected = Connecté
not-connected = Non connecté : { $why }

failed-declined = L’accès a été refusé chez le fournisseur.
failed-unavailable = Le fournisseur n’est pas disponible pour le moment.
failed-refused = Le fournisseur a refusé la demande.
failed-interrupted = La réponse du fournisseur n’est pas arrivée. On ne sait pas si l’accès a été accordé.
failed-credentials = Le fournisseur n’accepte pas les identifiants de l’application. Prévenez l’application.
failed-switched-off = Le fournisseur a été désactivé entre-temps.
failed-other-account = Un autre compte { $provider } que celui à reconnecter a été choisi. Identifiez-vous chez { $provider } avec le bon compte et réessayez.
failed-unconfirmed = L’application n’a pas confirmé à temps qu’il s’agissait bien de vous.
failed-here = Un problème est survenu de notre côté ; rien n’a été connecté.
failed-words = La réponse était : « { $words } »

more = Connecter d’autres comptes ou terminer
first = Connecter vos comptes
done = Terminer
stop = S’arrêter ici
good = { $provider } est connecté
bad = { $provider } n’est pas connecté
good-several = Vos comptes sont connectés
bad-several = Rien n’est connecté
again = Pour réessayer, recommencez depuis { $application }.
confirms = { $application } terminera l’opération dès que vous y serez de retour.
usable = { $application } peut maintenant utiliser la connexion. Vous pouvez y mettre fin à tout moment, ici ou chez le fournisseur.
back = Revenir à { $application }
close = Vous pouvez fermer cette fenêtre et revenir à { $application }.

unknown = Ce lien est inconnu
    .text = Il est peut-être incomplet : rouvrez-le là où vous l’avez reçu, ou demandez-en un nouveau à l’application.
expired = Ce lien a expiré
    .text = Ces liens ne sont valables que peu de temps. Revenez à l’application et recommencez.
finished = Ce lien a déjà été utilisé
    .text = Chaque lien ne sert qu’une fois. S’il manque encore quelque chose, revenez à l’application et recommencez.
paused = Les connexions sont suspendues
    .text = Ce service est en cours de déplacement ou de restauration. Rien n’est perdu : rouvrez ce lien dans un moment.
elsewhere = Déjà commencé ailleurs
    .text = Quelqu’un a appuyé sur « Continuer » dans un autre navigateur. Poursuivez là-bas. Si ce n’était pas vous, prévenez l’application et recommencez depuis celle-ci.
other-browser = Commencé dans un autre navigateur
    .text = Rien n’est connecté. Retournez dans le navigateur où vous avez appuyé sur « Continuer », ou recommencez dans celui-ci depuis l’application.
empty = Le fournisseur n’a rien renvoyé
    .text = Sa réponse ne contenait ni autorisation ni erreur : rien n’est donc connecté. Recommencez depuis l’application.
unexpected = Cette réponse n’était pas attendue
    .text = Elle ne correspond à aucune connexion commencée ici, ou à une connexion terminée depuis longtemps. Rien n’est connecté. Recommencez depuis l’application.
not-here = Rien à voir dans ce navigateur
    .text = Seul le navigateur où l’on a appuyé sur « Continuer » montre le résultat. Les cookies sont peut-être désactivés ou effacés : dans ce cas, recommencez depuis l’application.
not-offered = Ce choix n’est pas proposé
    .text = Ce fournisseur n’est pas proposé ici, ou il est déjà connecté. Revenez en arrière et choisissez-en un autre.
switched-off = Impossible pour le moment
    .text = L’application a désactivé ce fournisseur. Revenez-y et réessayez plus tard.
too-often = Trop de tentatives
    .text = Attendez quelques minutes, puis réessayez.
broken = Un problème est survenu
    .text = Réessayez dans un instant.
    .request = Rien n’a changé. Réessayez dans un instant ; si le problème persiste, communiquez cet identifiant à l’application :
began = Commencez depuis { $application }
    .said = Vous avez ajouté { $application } chez { $provider }, mais { $application } ne sait pas encore pour qui.
    .text = Rien n’est connecté pour l’instant. Identifiez-vous dans { $application } et connectez { $provider } depuis celle-ci : c’est la seule façon de savoir que ce compte est le vôtre.

manage = Vos comptes connectés
    .text = { $person }, ces comptes sont connectés à { $application }.
    .nothing = Rien n’est connecté à { $application } pour le moment. Vous pourrez mettre fin ici à ce qui le sera.
works = Connecté
needs = À reconnecter
lost-refused = { $provider } ne donne plus accès.
lost-superseded = Vous avez de nouveau autorisé l’accès ailleurs, ce qui a mis fin à celui-ci.
lost-removed = L’accès a été retiré chez { $provider }.
lost-idle = La connexion est restée trop longtemps inutilisée : { $provider } a mis fin à l’accès.
lost-scopes = Les autorisations chez { $provider } ont changé.
since = Connecté depuis le
last-used = Dernière utilisation
never-used = Pas encore
granted = { $application } peut
disconnect = Déconnecter
disconnect-what = Déconnecter le compte { $provider } { $account }
reconnect-what = Reconnecter
ask = Déconnecter { $provider } ?
    .text = { $application } perd immédiatement l’accès à { $account }, et Keybearer efface les jetons. Ce que { $application } a déjà enregistré y reste.
    .later = Vous pouvez le reconnecter à tout moment depuis { $application }.
keep = Conserver
over = { $provider } est déconnecté
    .text = { $application } ne peut plus utiliser { $account }.
over-revoked = { $provider } a également mis fin à l’accès.
over-pending = { $provider } n’a pas encore répondu. Keybearer continuera à demander jusqu’à ce que l’accès y prenne fin aussi.
over-unsupported = Keybearer ne peut pas mettre fin à l’accès chez { $provider }. Pour en être sûr, retirez { $application } dans les réglages de votre compte { $provider }.
over-failed = { $provider } n’a pas confirmé la fin de l’accès. Pour en être sûr, retirez { $application } dans les réglages de votre compte { $provider }.
over-kept = Les autres connexions du même compte { $provider } restent actives.
