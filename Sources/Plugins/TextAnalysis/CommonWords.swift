/// Words that hold sentences together and say nothing about their subject.
package enum CommonWords {
    package static let english = """
        a about above after again against all also am an and another any are as at be because been \
        before being below between both but by can cannot could did do does doing don down during \
        each either else even ever every few for from further had has have having he hence her \
        here hers him his how however i if in instead into is it its itself just least less let like \
        may me might more most much must my neither no nor not now of off on once one only onto or \
        other others our out over own per rather s same see shall she should since so some still \
        such t than that the their them then there therefore these they this those though through \
        thus to too under unless until up upon us very via was we well were what when where whether \
        which while who whom whose why will with within without would yes yet you your
        """

    private static let danish = """
        ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din \
        disse dog du efter eller en end er et for fra ham han hans har havde have hende her hun hvad \
        hvilken hvis hvor hvordan hvornår i ikke ind jeg jer kan man mange med meget men mig min mod \
        ned noget nogle nu når og også om op os over på selv sig skal skulle som sådan til ud under \
        var vi vil ville vor være været
        """

    private static let dutch = """
        aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een \
        en er ge geen had heb hebben heeft hem het hier hij hoe hun ik in is ja je kan kon kunnen maar \
        me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op over reeds \
        te tegen toch toen tot u uit uw van veel voor waar wanneer want waren was wat welke werd wie \
        wij wil worden wordt zal ze zelf zich zij zijn zo zonder zou
        """

    private static let finnish = """
        ei että eivät en et ette he hän ja jo joka jos jotka kuin kuinka kun me mikä miksi missä miten \
        mitä mukaan mutta myös ne niin nyt ole olen olet oli olivat on ovat se sekä sen siellä siinä \
        tai te tämä tässä vai vaan voi
        """

    private static let french = """
        à ai au aucun aussi aux avec avoir c ce ceci cela ces cet cette ceux chaque comme comment d \
        dans de depuis des donc dont du elle elles en entre est et être étaient était eu fait faire \
        faut ici il ils j je l la le les leur leurs lui m ma mais me même mes moi mon n ne ni nos notre \
        nous on ont ou où par pas peut plus pour pourquoi qu quand que quel quelle quelles quels qui \
        s sa sans se ses si son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un \
        une vos votre vous y
        """

    private static let german = """
        ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin \
        bis da damit dann das dass daß dein dem den denn der des dessen dich die dies diese diesem \
        diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch \
        für gegen habe haben hat hatte hier hinter ich ihm ihn ihnen ihr ihre im in indem ins ist ja \
        jede jedem jeden jeder jedes jetzt kann kein keine keinen können könnte man mein mich mir mit \
        muss nach nicht nichts noch nun nur ob oder ohne sein seine sehr sich sie sind so solche soll \
        sollte sondern sonst über um und uns unter vom von vor war waren warum was weg weil welche \
        welcher welches wenn wer werde werden wie wieder will wir wird wo wollen würde zu zum zur \
        zwischen
        """

    private static let hungarian = """
        a abban ahol aki akkor ami amely azok az azt be csak de e ebben egy egyik el ennek erre és ez \
        ezek ezt fel ha hogy hogyan igen is itt ki kell le lehet lesz már meg mely mert mi miért mint \
        most nem ő ők össze s sem szerint után vagy van vannak volt
        """

    private static let italian = """
        a ad agli ai al alla alle allo anche c che chi ci ciò come con contro cosa cui d da dagli dai \
        dal dalla dalle dei degli del dell della delle dello di dove e è ed era erano essere fa fra gli \
        ha hanno ho i il in io l la le lei li lo loro lui ma me mi mia mio ne nei negli nel nella nelle \
        nello noi non nostro o ogni per perché più può quale quali quando quanto quella quelle quelli \
        quello questa queste questi questo se sei si sia sono sta su sua sue sugli sui sul sulla sulle \
        suo suoi tra tu tutti tutto un una uno vi voi
        """

    private static let norwegian = """
        alle at av bare begge ble blir bli da de deg dem den denne der deres det dette din disse du \
        eller en enn er et etter for fordi fra før ha hadde han hans har henne her hun hva hvem hver \
        hvilken hvis hvor hvordan hvorfor i ikke inn jeg kan kun kunne man mange med meg men mer min \
        mot mye må noe noen nå når og også om opp oss over på samme seg selv sin skal skulle slik som \
        så til ut uten var ved vi vil ville være vært å
        """

    private static let portuguese = """
        a à ao aos aquela aquele aquilo as às até cada com como da das de dela dele depois do dos e é \
        ela elas ele eles em entre era essa esse esta está este eu foi foram há isso isto já lhe mais \
        mas me mesmo meu minha muito na não nas nem no nos nós nossa nosso num numa o os ou para pela \
        pelas pelo pelos pode por porque qual quando quanto que quem são se sem ser seu seus só sob \
        sobre sua suas também te tem têm ter um uma você vocês
        """

    private static let romanian = """
        a acea aceasta această acest aceste acestea acesta ai al ale am ar are asta astfel au avea ca \
        că când care ce cea cei cel cele cine cu cum da dacă dar de decât deci despre din după ea ei el \
        ele era este eu eram fi fie fiecare fost iar îi îl în într între își la le li lor lui mai mi nici \
        nu o or ori pe pentru prin sa să sale sau se și sub sunt te toate tot tu un una unde unei unor \
        unui va vor
        """

    private static let russian = """
        а без более больше будет будто бы был была были было быть в вам вас весь во вот все всего всех \
        вы где да даже для до его ее если есть еще же за здесь и из или им их к как какая какой когда \
        кто ли либо мне может можно мой мы на над надо не него нее нет ни них но ну о об однако он она \
        они оно от очень по под после потом потому почему при про с сам свою себя со так также такой там \
        те тем то того тоже той только том тот ты у уже хотя чего чем через что чтобы эта эти это этого \
        этой этом этот я
        """

    private static let spanish = """
        a al algo algunos ante antes aquel aquella como cómo con contra cual cuál cuando cuándo de del \
        desde donde dónde dos e el él ella ellas ellos en entre era es esa ese eso esta está están este \
        esto estos fue ha hace han hasta hay la las le les lo los más me mi mientras mucho muy nada ni \
        no nos nosotros nuestro o os otra otro para pero poco por porque puede qué que quien quién se \
        sea ser si sí sido sin sobre son su sus también tan tanto te tiene tienen todo todos tu un una \
        uno unos y ya yo
        """

    private static let swedish = """
        alla allt att av blev bli blir de dem den denna deras dess det detta dig din du där då efter \
        ej eller en er ett från för ha hade han hans har henne hon hur här i icke in inom inte jag ju \
        kan kunde man med mellan men mig min mot mycket ni nu när någon något några och om oss på samma \
        sedan sig sin ska skulle som så sådan till under upp ut utan vad var varför vara varit varje \
        vars vem vi vid vilka vilken vill vår än är åt över
        """

    private static let turkish = """
        acaba ama ancak bazı belki ben bir biri biz bu buna bunda bundan bunu çok çünkü da daha de değil \
        diye en gibi hem hep her hiç ile ise için kadar ki kim mı mi mu mü nasıl ne neden nerede niçin o \
        olan olarak onu onun sen siz şey şu ve veya ya yani
        """

    /// The lists under the names of their languages and under the codes of these.
    private static let lists: [(names: Set<String>, words: String)] = [
        (["danish", "da", "dan"], danish),
        (["dutch", "nl", "nld", "dut"], dutch),
        (["english", "en", "eng", "porter", "lovins"], english),
        (["finnish", "fi", "fin"], finnish),
        (["french", "fr", "fre", "fra"], french),
        (["german", "de", "ger", "deu"], german),
        (["hungarian", "hu", "hun"], hungarian),
        (["italian", "it", "ita"], italian),
        (["norwegian", "no", "nor"], norwegian),
        (["portuguese", "pt", "por"], portuguese),
        (["romanian", "ro", "rum", "ron"], romanian),
        (["russian", "ru", "rus"], russian),
        (["spanish", "es", "esl", "spa"], spanish),
        (["swedish", "sv", "swe"], swedish),
        (["turkish", "tr", "tur"], turkish),
    ]

    /// Returns the common words of a language in folded letters; none for one without a list.
    ///
    /// - Parameter language: A name or a code of Snowball's.
    static func of(_ language: String) -> Set<[UInt8]> {
        guard let list = lists.first(where: { $0.names.contains(language) }) else { return [] }
        return Set(list.words.split(separator: " ").map { Accents.fold(Array($0.utf8).span) })
    }
}
