"""Plain danger is seen by patterns; what only sounds like it is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError
from bot.nlu.normaliser import normalise
from bot.safety.danger import HARMLESS, Kind, Patterns, judge, patterns

SUICIDE = """
je veux mourir
j'ai envie de mourir
jveu mourir
je vais me suicider
je pense à me tuer ce soir
j'ai plus envie de vivre
je veux plus vivre
je ne veux plus me réveiller demain
j'ai plus aucune raison de vivre
je veux disparaître
je vais en finir
je veux en finir avec la vie
mettre fin à mes jours
je vais me jeter sous le train
je veux me pendre
je me coupe les veines
je me scarifie depuis un mois
j'ai avalé tous mes médicaments
j'ai des idées noires
j'ai des pensées suicidaires
ma copine veut se suicider
mon frère dit qu'il va se tuer
vous seriez tous mieux sans moi, ce serait mieux si j'étais mort
tout le monde serait mieux sans moi
c'est mon adieu
je dis adieu à tous
marre de vivre
fatigué de vivre
vous n'entendrez plus parler de moi
avant je voulais mourir, maintenant je vais me tuer
il y a deux ans j'ai voulu mourir et ce soir je veux mourir
"""
VIOLENCE = """
mon mari me frappe
il me bat tous les jours
mon ex me menace de mort
il a dit qu'il va me tuer
il m'a frappée hier soir
j'ai été violée
je me suis fait agresser
j'ai peur de mon mari
j'ai peur de rentrer chez moi
il m'étrangle
mon copain me tape
mon père m'a tabassé
ils m'ont tabassée dans la rue
il me séquestre
il m'a enfermée, il me harcèle
on veut me marier de force
je suis une femme battue
violences conjugales aidez moi
il m'a donné des coups de pied
je suis couverte de bleus
il lève la main sur moi
mon mec ma cogné
"""
MEDICAL = """
mon ami a fait une overdose
il respire plus
elle bouge plus
il est inconscient
elle a perdu connaissance
j'ai mal à la poitrine
mon père fait une crise cardiaque
il saigne beaucoup
elle perd beaucoup de sang
il vomit du sang
il est en hypothermie
il a les lèvres bleues
mon fils a avalé de la javel
je n'arrive plus à respirer
il convulse par terre
elle est tombée dans les pommes
mon ami vient de tomber, il est blanc et ne répond pas
elle est évanouie
il a pris une surdose de cachets
elle fait un AVC
"""
CHILD = """
mon beau-père me touche la nuit
il tape les enfants
un enfant est battu chez mes voisins
le bébé est seul à la maison
ma fille a disparu
mon fils a fugué
j'ai 13 ans et j'ai peur de rentrer
j'ai 14 ans je dors dehors
elle secoue son bébé
il maltraite son fils
inceste dans ma famille
mon oncle vient dans mon lit
les gamins sont enfermés toute la journée
"""
HARMLESS_TEXTS = """
je meurs de faim
je suis mort de fatigue
on crève de froid
mort de rire
mdr tu me tues
ça me tue cette paperasse
le bruit me tue
je tue le temps au parc
je veux en finir avec ces dettes
j'en ai marre de faire la file
je n'ai pas d'idées noires
je ne veux pas mourir
je veux pas me tuer
j'ai plus envie de mourir, ça va mieux
je ne suis pas suicidaire
avant je voulais mourir
il y a deux ans j'ai fait une tentative de suicide
dans le temps mon mari me battait, c'est fini
en 2019 j'ai fait une overdose
le centre de prévention du suicide, c'est quelle rue
un film sur le suicide
un exposé sur la violence
une chanson qui parle de la mort
j'ai peur du noir
j'ai peur de perdre mon logement
je me bats pour garder mon appartement
on se bat contre l'expulsion
je me suis tapé la honte
je me tape le trajet à pied
il me tape sur les nerfs
le propriétaire me menace d'expulsion
le CPAS me menace de sanction
mon avocat ne répond plus
le numéro ne répond pas
je ne bouge plus d'ici
j'ai mal au dos
j'ai mal aux dents
mon téléphone est mort
ma batterie est morte
mon père est mort l'an dernier
je suis en deuil
j'ai tué un moustique
je vais mourir de vieillesse avant d'avoir une réponse
c'est à se pendre ce score
un boulot à se tuer
j'ai crevé un pneu
une overdose de paperasse
je coupe du bois
je me coupe les cheveux
mon couteau coupe bien
je veux disparaître de votre fichier
va mourir sale robot
j'ai frappé à la porte
j'ai battu mon record
le chômage m'a coupé mes droits
il me faut un avocat pour mes enfants
ma fille cherche une école
mes enfants ont faim
un endroit pour jouer avec les enfants
j'ai 16 ans et je cherche un job
mon fils est au foot
la fille de l'accueil était gentille
je touche le chômage
ça me touche ce que vous dites
j'ai touché 300 euros
il a bu un café
elle a pris un coup de vieux
j'ai pris mes médicaments ce matin
je cherche une pharmacie de garde
mon papier est périmé
je suis épuisé
je suis triste aujourd'hui
j'ai fait une crise d'angoisse
j'ai froid dehors
je veux dormir
je voudrais mourir de rire
c'est mortel cette soirée
"""
PLAIN = {
    kind: text.strip().splitlines()
    for kind, text in (
        (Kind.SUICIDE, SUICIDE),
        (Kind.VIOLENCE, VIOLENCE),
        (Kind.MEDICAL, MEDICAL),
        (Kind.CHILD, CHILD),
    )
}


@pytest.mark.parametrize(
    ("kind", "text"), [(k, text) for k, texts in PLAIN.items() for text in texts]
)
def test_plain_danger_is_seen(kind: Kind, text: str) -> None:
    found = patterns().match(normalise(text))
    assert found is not None
    assert found[0] is kind


@pytest.mark.parametrize("text", HARMLESS_TEXTS.strip().splitlines())
def test_what_only_sounds_like_danger_is_not(text: str) -> None:
    assert patterns().match(normalise(text)) is None


def test_shouting_and_sms_hide_no_danger() -> None:
    for text in ("JE VEUX MOURIR", "jveuuuux mourir", "g envi de mourir", "jvai me tuer"):
        assert patterns().match(normalise(text)), text


def test_a_harmless_idiom_hides_no_danger_beside_it() -> None:
    for text in (
        "je meurs de faim et mon mari me frappe",
        "je suis mort de fatigue, je veux me suicider",
        "le centre de prévention du suicide répond pas, je vais me tuer",
        "j'ai pas envie de mourir de froid, mon ami respire plus",
    ):
        assert patterns().match(normalise(text)), text


def test_the_reason_names_the_pattern_and_not_the_words() -> None:
    found = patterns().match(normalise("je veux mourir ce soir"))
    assert found[1].startswith("pattern suicide ")
    assert "mourir" not in found[1]


def test_a_pattern_counts_whatever_the_model_thinks() -> None:
    danger = judge("je veux mourir", 0.01, Kind.MEDICAL, 0.5, patterns())
    assert (danger.flag, danger.kind) == (True, Kind.SUICIDE)
    assert danger.score >= 0.99


def test_a_score_over_the_threshold_counts_without_a_pattern() -> None:
    danger = judge("je suis au bord du pont", 0.6, Kind.SUICIDE, 0.5, patterns())
    assert danger.as_dict() == {"flag": True, "kind": "suicide", "score": 0.6, "reason": "model"}


def test_a_score_under_the_threshold_does_not() -> None:
    danger = judge("j'ai faim", 0.4, Kind.SUICIDE, 0.5, patterns())
    assert danger.as_dict() == {"flag": False, "kind": None, "score": 0.4, "reason": ""}
    assert judge("je meurs de faim", 0.4, Kind.SUICIDE, 0.5, patterns()).reason == HARMLESS


@pytest.mark.parametrize(
    ("intent", "kind"),
    [
        ("crisis_suicide", Kind.SUICIDE),
        ("crisis_child", Kind.CHILD),
        ("need_food", None),
        ("crisis_", None),
        ("crisis_other", None),
        ("", None),
    ],
)
def test_a_kind_is_the_end_of_its_intent(intent: str, kind: Kind | None) -> None:
    assert Kind.of_intent(intent) is kind


@given(st.text(max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    plain = normalise(text)
    found = patterns().match(plain)
    assert found is None or found[0] in Kind
    assert isinstance(patterns().without_harmless(plain), str)


EVERY = "suicide: [a]\nviolence: [b]\nmedical: [c]\nchild: [d]\nharmless: [e]\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (EVERY.replace("[b]", "['(']"), "pattern violence 1 is broken"),
        (EVERY.replace("violence", "violences"), "needs the lists child, harmless"),
        (EVERY.replace("child: [d]\n", ""), "needs the lists"),
        ("- a\n", "needs the lists"),
        ("suicide: [\n", "is not YAML"),
    ],
)
def test_broken_patterns_are_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "patterns.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said) as error:
        patterns.__wrapped__(path)
    assert "\n" not in str(error.value)


def test_patterns_match_whole_words_only(tmp_path: Path) -> None:
    path = tmp_path / "patterns.yml"
    path.write_text(EVERY.replace("[a]", "[tuer]"), encoding="utf-8")
    rules = patterns.__wrapped__(path)
    assert isinstance(rules, Patterns)
    assert rules.match("me tuer")
    assert rules.match("situer") is None
