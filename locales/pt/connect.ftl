foot = Sua senha fica com o provedor. O Keybearer guarda a conexão.
support = Ajuda
languages = Idioma
development = Desenvolvimento
    .text = Este aplicativo está em desenvolvimento: apenas para testes.
stands-in = Desenvolvimento: o provedor de testes desta máquina substitui { $providers }.
date = { $day } de { $month ->
    [1] janeiro
    [2] fevereiro
    [3] março
    [4] abril
    [5] maio
    [6] junho
    [7] julho
    [8] agosto
    [9] setembro
    [10] outubro
    [11] novembro
   *[12] dezembro
  } de { $year }

connect = Conectar { $provider } a { $application }
reconnect = Reconectar { $provider } a { $application }
connect-several = Conectar suas contas a { $application }
reconnect-several = Reconectar suas contas a { $application }
asks = { $application } pede para conectar uma conta de { $person }. Se não for você, feche esta página.
asks-again = { $application } pede para renovar uma conexão de { $person }. Se não for você, feche esta página.
asks-test = Um membro de { $application } testa esta conexão com uma conta própria. No final, tudo é devolvido.
nothing-offered = { $application } não oferece nenhum provedor no momento. Volte e tente de novo mais tarde.
next = Em seguida, { $provider } será aberto: entre e permita o acesso. Depois o Keybearer guarda os tokens para { $application } até você desfazer a conexão aqui ou em { $provider }.
next-test = Em seguida, { $provider } será aberto: entre com a sua própria conta e permita o acesso. Depois o teste continua sozinho e mostra o relatório.
next-several = Em seguida, você escolhe por onde começar, entra e permite o acesso. Depois o Keybearer guarda os tokens para { $application } até você desfazer a conexão aqui ou no provedor.
may = { $application } poderá então:
continue = Continuar
connected = Conectada
not-connected = Não conectada: { $why }

failed-declined = O acesso foi recusado no provedor.
failed-unavailable = O provedor não está disponível no momento.
failed-refused = O provedor recusou a solicitação.
failed-interrupted = A resposta do provedor não chegou. Não se sabe se o acesso foi concedido.
failed-credentials = O provedor não aceita as credenciais do aplicativo. Avise o aplicativo.
failed-switched-off = O provedor foi desativado nesse meio-tempo.
failed-other-account = Foi escolhida uma conta de { $provider } diferente da que deve ser reconectada. Entre em { $provider } com a conta certa e tente de novo.
failed-unconfirmed = O aplicativo não confirmou a tempo que era você.
failed-here = Algo deu errado aqui; nada foi conectado.
failed-words = A resposta foi: “{ $words }”

more = Conecte mais contas ou conclua
first = Conecte suas contas
done = Concluir
stop = Parar por aqui
good = { $provider } está conectado
bad = { $provider } não está conectado
good-several = Suas contas estão conectadas
bad-several = Nada está conectado
again = Para tentar de novo, comece outra vez em { $application }.
confirms = { $application } conclui assim que você voltar para lá.
usable = { $application } já pode usar a conexão. Você pode encerrá-la quando quiser, aqui ou no provedor.
back = Voltar para { $application }
close = Você pode fechar esta janela e voltar para { $application }.

unknown = Este link não é conhecido
    .text = Talvez esteja incompleto: abra-o de novo de onde o recebeu ou peça um novo ao aplicativo.
expired = Este link expirou
    .text = Links como este valem por pouco tempo. Volte ao aplicativo e comece de novo.
finished = Este link já foi usado
    .text = Cada link funciona uma única vez. Se ainda faltar algo, volte ao aplicativo e comece de novo.
paused = As conexões estão pausadas
    .text = Este serviço está sendo movido ou restaurado. Nada se perde: abra este link de novo daqui a pouco.
elsewhere = Já foi iniciado em outro lugar
    .text = Alguém clicou em “Continuar” em outro navegador. Prossiga lá. Se não foi você, avise o aplicativo e comece de novo a partir dele.
other-browser = Isto foi iniciado em outro navegador
    .text = Nada está conectado. Volte ao navegador em que você clicou em “Continuar” ou comece de novo neste, a partir do aplicativo.
empty = O provedor não devolveu nada
    .text = A resposta não continha nem permissão nem erro, portanto nada está conectado. Comece de novo a partir do aplicativo.
unexpected = Esta resposta não era esperada
    .text = Ela não pertence a nenhuma conexão iniciada aqui, ou pertence a uma encerrada há muito tempo. Nada está conectado. Comece de novo a partir do aplicativo.
not-here = Nada para ver neste navegador
    .text = Só o navegador em que se clicou em “Continuar” mostra o resultado. Os cookies podem estar desativados ou apagados: nesse caso, comece de novo a partir do aplicativo.
not-offered = Essa opção não está disponível
    .text = Este provedor não é oferecido aqui ou já está conectado. Volte e escolha outro.
switched-off = Não é possível no momento
    .text = O aplicativo desativou este provedor. Volte a ele e tente de novo mais tarde.
too-often = Tentativas demais
    .text = Espere alguns minutos e tente de novo.
broken = Algo deu errado aqui
    .text = Tente de novo em instantes.
    .request = Nada mudou. Tente de novo em instantes; se continuar, informe este identificador ao aplicativo:
began = Comece em { $application }
    .said = Você adicionou { $application } em { $provider }, mas { $application } ainda não sabe para quem.
    .text = Por enquanto, nada está conectado. Entre em { $application } e conecte { $provider } a partir de lá: só assim fica claro que esta conta é sua.

manage = Suas contas conectadas
    .text = { $person }, estas contas estão conectadas a { $application }.
    .nothing = Nada está conectado a { $application } no momento. Quando houver algo, você poderá encerrar aqui.
works = Conectada
needs = Precisa reconectar
lost-refused = { $provider } não dá mais acesso.
lost-superseded = Você permitiu o acesso outra vez em outro lugar, o que encerrou este.
lost-removed = O acesso foi removido em { $provider }.
lost-idle = Ficou sem uso por tempo demais, e { $provider } encerrou o acesso.
lost-scopes = As permissões em { $provider } mudaram.
since = Conectada desde
last-used = Último uso
never-used = Ainda não
granted = { $application } pode
disconnect = Desconectar
disconnect-what = Desconectar a conta de { $provider } { $account }
reconnect-what = Reconectar
ask = Desconectar { $provider }?
    .text = { $application } perde o acesso a { $account } imediatamente, e o Keybearer apaga os tokens. O que { $application } já guardou permanece lá.
    .later = Você pode reconectar a partir de { $application } quando quiser.
keep = Manter
over = { $provider } foi desconectado
    .text = { $application } não pode mais usar { $account }.
over-revoked = { $provider } também encerrou o acesso.
over-pending = { $provider } ainda não respondeu. O Keybearer continua pedindo até que o acesso termine lá também.
over-unsupported = O Keybearer não tem como encerrar o acesso em { $provider }. Para ter certeza, remova { $application } nas configurações da sua conta de { $provider }.
over-failed = { $provider } não confirmou que o acesso terminou. Para ter certeza, remova { $application } nas configurações da sua conta de { $provider }.
over-kept = As outras conexões da mesma conta de { $provider } continuam.
