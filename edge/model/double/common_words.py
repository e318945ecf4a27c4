"""Common words: they tell the language of a text, and never its topic."""

from __future__ import annotations

from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


GERMAN: Final = _listed(
    """
    der die das und ist nicht ich ein eine einen zu mit auf für von im dem den wie was wir ihr
    habe hat sind auch aber wenn bei noch nur mehr mein meine kein keine oder man beim zum
    """
)

ENGLISH: Final = _listed(
    """
    the and is not i a an to with on for of in how what we you have has are also but if at still
    only more my no or one it this that was be do does from your
    """
)

COMMON: Final = (
    GERMAN
    | ENGLISH
    | _listed(
        """
    about after again alle alles another any anyone best better beste besser can could daily
    dann denn diese dieser dieses doch durch ever every finally first found gerade getting gibt
    good great gute guten haben hallo hello help here heute hier immer into ich jetzt just kann
    keep know könnte last letzte like little long looking lot macht make many maybe mehr mich
    mir most much muss need never neue neuen new nach nothing now often old once other over
    people please question really right schon sehr should since sich sind some something still
    such than thank thanks their them then there these they thing things think those through
    time today tried trying under until used using very want warum weil well were werden when
    where which while will wird wirklich without work working would wurde years yesterday über
    unter viel viele vom vor wann welche wer wo bitte dass eigentlich einfach etwas frage fragen
    ganz seit tips who why our out so as by he she his her its me us am der been did had let
    lets get got too all up down es er sie euch uns als an aus bis da damit ja nein um wäre
    würde
    """
    )
)
