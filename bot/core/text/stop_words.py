"""Words that tell nothing about what a text is about."""

from __future__ import annotations

#: Lower case.
STOP_WORDS = frozenset(
    (
        "a about above after again against all almost along already also although always am amid "
        "among an and another any anyone are around as at away back be became because been before "
        "behind being below between both but by can cannot could did do does doing done down due "
        "during each either else enough even ever every few first for from further get go going "
        "got had has have having he her here hers herself him himself his how however i if in "
        "indeed instead into is it its itself just last least less like made make many may me "
        "might more most much must my near neither never new next no nor not nothing now of off "
        "often on once one only onto or other others our out over own part per perhaps put quite "
        "rather re really same see seem several she should since so some someone something still "
        "such take than that the their them then there these they this those though through thus "
        "to together too toward towards two under until up upon us used using very via was we "
        "well were what when where whether which while who whole whom whose why will with within "
        "without would yet you your say says said mr mrs ms dr told according news report reports "
        "reported reporting reuters ap afp photo read click monday tuesday wednesday thursday "
        "friday saturday sunday"
    ).split()
)
