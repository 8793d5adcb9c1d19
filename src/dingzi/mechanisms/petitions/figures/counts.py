"""What comes in, what is registered of it, and whether people are told in time."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Change, Count, Share, Stock
from dingzi.figures.declare_places import PerCapita, Rank
from dingzi.figures.divisions import county

from .populations import (
    BY,
    SINCE,
    again,
    category,
    first,
    received,
    registered,
    routed,
    routed_in_time,
    told,
    told_in_time,
)

received_count = Count(
    "petitions.received",
    zh="收到的信访事项",
    en="Petitions received",
    also=["信访收到数"],
    means=Text(
        "各个渠道收到了多少件信访事项，登记没登记都算。",
        "How many petitions were received by any channel, registered or not.",
    ),
    of=received,
    by=BY,
    since=SINCE,
)
registered_count = Count(
    "petitions.registered",
    zh="登记的信访事项",
    en="Petitions registered",
    also=["信访登记数", "信访总量", "信访件次"],
    means=Text(
        "登记了多少件信访事项。没有受理的、后来撤回的也算。",
        "How many petitions were registered, also those not accepted or later withdrawn.",
    ),
    of=registered,
    by=BY,
    since=SINCE,
)
registered_change = Change(
    "petitions.registered_change",
    zh="登记的信访事项比去年同期",
    en="Petitions registered, change on the year before",
    also=["信访总量同比", "信访登记同比"],
    means=Text(
        "登记的信访事项比去年同一段时间多或者少百分之几。",
        "By how many percent the petitions registered differ from the same part of the year before.",
    ),
    note=Text(
        "少了不等于问题少了：看看收到没有登记的有多少。",
        "Fewer need not mean fewer problems: see how many were received and not registered.",
    ),
    of=registered_count,
    by=BY,
    since=SINCE,
)
unregistered_count = Stock(
    "petitions.unregistered",
    zh="收到还没有登记的信访事项",
    en="Petitions received and not registered",
    also=["未登记数", "体外循环"],
    means=Text(
        "到那一天为止，收到了还没有登记的有多少件。登记量少了，先看这个数。",
        "How many were received and not yet registered by the end of that day; the first thing to "
        "look at where few are registered.",
    ),
    begun=received,
    ended=registered,
    by=BY,
    since=SINCE,
)
first_count = Count(
    "petitions.first",
    zh="初信初访",
    en="First petitions",
    also=["初信初访数", "初次信访"],
    means=Text(
        "以前没有提过同一件事的有多少件。", "How many brought a thing up for the first time."
    ),
    of=first,
    by=BY,
    since=SINCE,
)
first_per_people = PerCapita(
    "petitions.first_per_10000",
    zh="每万人初信初访",
    en="First petitions per 10,000 residents",
    also=["万人初信初访量", "每万人信访量", "万人信访比"],
    means=Text(
        "每一万常住人口里，以前没有提过同一件事的有多少件。常住人口照市级簿册里那时候的数算。",
        "For each 10,000 residents, how many brought a thing up for the first time. Residents are "
        "counted as the city's book had them at the end of the period.",
    ),
    unit=Text("件/万人", "per 10,000 residents"),
    of=first_count,
    by=(county, category),
    since=SINCE,
    good="down",
)
first_rank = Rank(
    "petitions.first_rank",
    zh="每万人初信初访的县区名次",
    en="Rank of counties by first petitions per 10,000 residents",
    means=Text(
        "各县市区按每万人初信初访从少到多排，第1名最少。件数太少不公开的不排。",
        "Counties in the order of first petitions per 10,000 residents; the first has the fewest. "
        "Those whose number is withheld are not ranked.",
    ),
    of=first_per_people,
    among=county,
    by=(county,),
    since=SINCE,
)
again_share = Share(
    "petitions.again_share",
    zh="重复信访占比",
    en="Share brought up before",
    also=["重复信访率", "重信重访率"],
    means=Text(
        "登记的信访事项里，以前提过同一件事的占多少。",
        "Of the petitions registered, the share whose matter was brought up before.",
    ),
    of=again,
    over=registered,
    by=BY,
    since=SINCE,
    good="down",
)
routed_on_time = Share(
    "petitions.routed_on_time",
    zh="信访事项按期转送率",
    en="Share routed in time",
    also=["按期转送率"],
    means=Text(
        "转给有权处理单位的信访事项里，在登记转送期限以内的占多少。",
        "Of the petitions sent to the unit in charge, the share sent within the time for it.",
    ),
    of=routed_in_time,
    over=routed,
    by=BY,
    since=SINCE,
    good="up",
)
accepted_on_time = Share(
    "petitions.accepted_on_time",
    zh="信访事项按期受理告知率",
    en="Share told in time whether it is accepted",
    also=["及时受理率", "按期受理率", "受理告知率"],
    means=Text(
        "告知了受理不受理的信访事项里，在期限以内告知的占多少。当场答复、告知法定途径的也算告知。",
        "Of the petitioners told whether it is accepted, the share told within the time for it. "
        "Answers at once and directions to a statutory path count as told.",
    ),
    of=told_in_time,
    over=told,
    by=BY,
    since=SINCE,
    good="up",
)
