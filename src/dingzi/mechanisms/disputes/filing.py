"""How the public files a dispute, in the words of the page; and what a case asks of it later."""

from __future__ import annotations

from dingzi.core.registry import Coming, Filing, Question, Step, Urgent
from dingzi.core.text import Text

_WORD = Question(
    title=Text("办到这一步，您认可吗？", "Do you accept how it ended?"),
    text=Text(
        "您怎么说，就怎么记。您不说，我们不会替您说认可。",
        "Your answer is recorded as you give it. Saying nothing is never counted as yes.",
    ),
    leads={
        "confirm": Text(
            "记下您认可，办完归档。以后又出问题，可以要求重新办。",
            "Your word is recorded and the case is filed away. If the trouble returns, "
            "you can have it reopened.",
        ),
        "disagree": Text(
            "记下您不认可和您的理由。可以要求重新办，也可以去法院起诉，不受影响。",
            "Your word and your reasons are recorded. You can have it reopened or go to court; "
            "neither is affected.",
        ),
    },
)

filing = Filing(
    action="file",
    title=Text("跟人有纠纷，请人来调解", "A dispute with somebody, to be mediated"),
    about=Text(
        "邻居、家里、物业、工钱、合同、买东西这些事。",
        "Neighbours, family, property service, wages, contracts, purchases and the like.",
    ),
    steps=(
        Step(
            fields=("text", "papers", "danger"),
            title=Text("发生了什么事？", "What happened?"),
            short=Text("发生了什么", "what happened"),
            hint=Text(
                "像跟人说话一样写就行，三五句也可以。写上：",
                "Write as you would tell it; a few sentences will do. Please say:",
            ),
            points=(
                Text("什么时候的事", "when it happened"),
                Text(
                    "跟谁有关，说关系就行，比如楼上、物业",
                    "who it concerns; how you know them is enough, such as a neighbour upstairs",
                ),
                Text("您希望怎么解决", "what you would like to come of it"),
            ),
        ),
        Step(
            fields=("place", "spot"),
            title=Text("在哪里？", "Where?"),
            short=Text("在哪里", "where"),
            hint=Text(
                "事情发生的地方。由当地的综治中心先看。",
                "The place where it happened. The governance centre there looks at it first.",
            ),
        ),
        Step(
            fields=("name", "phone"),
            title=Text("怎么联系您？", "How can we reach you?"),
            short=Text("怎么联系您", "how to reach you"),
            hint=Text(
                "调解员会按这个找您。都可以不填，那就请您自己用回执来查进展。",
                "The mediator will reach you this way. You may leave both empty; "
                "then please follow the case yourself with your receipt.",
            ),
        ),
    ),
    quick={
        "neighbours": Text("邻里纠纷", "Neighbours"),
        "wages": Text("拖欠工钱", "Unpaid wages"),
        "housing": Text("房屋宅基地", "Housing"),
        "property": Text("物业", "Property service"),
        "government": Text("对单位有意见", "A public body"),
    },
    urgent=Urgent(
        field="danger",
        question=Text("有人受伤，或者怕会动手？", "Is somebody hurt, or might it come to blows?"),
        advice=Text(
            "先打110报警；有人受伤，打120。等安全了再来写，这里不会有人马上出警。",
            "Call the police first on 110; if somebody is hurt, call 120. Write here once you are "
            "safe: nobody is sent out at once from here.",
        ),
    ),
    coming=(
        Coming(
            title=Text("告诉您收不收", "You are told whether it is taken"),
            text=Text(
                "收了就告诉您由哪个单位办；不收，会写明为什么、该找谁。",
                "If it is, you learn which unit has it; if not, why, and where to go instead.",
            ),
            clock="acceptance",
        ),
        Coming(
            title=Text("收了以后，{length}内调解", "Once taken, mediated within {length}"),
            text=Text(
                "到时写明是哪一天，怎么算的。",
                "Your case page will name the day and how it is counted.",
            ),
            rule="disputes.mediation_days",
        ),
        Coming(
            title=Text("有结果，先问您认不认可", "Whatever the result, you are asked first"),
            text=Text(
                "您不认可，可以写明理由。调解不成，您随时可以去法院起诉。",
                "If you do not accept it, say why. If mediation fails you can go to court "
                "at any time.",
            ),
            law=("人民调解法", "3, 26"),
        ),
    ),
    questions={
        "proposed": Question(
            title=Text("这个方案，您认可吗？", "Do you accept this proposal?"),
            text=Text(
                "您不答复，我们不会替您认可。", "If you do not answer, nobody accepts it for you."
            ),
            leads={
                "accept_proposal": Text(
                    "约双方签协议。签协议前，您还可以改主意。",
                    "Both sides are invited to sign an agreement. Until then you may still "
                    "change your mind.",
                ),
                "reject_proposal": Text(
                    "可以请他们改方案，也可以不再调解。您随时能去法院起诉，不受影响。",
                    "You may ask for another proposal or end the mediation. Your right to go to "
                    "court is not affected.",
                ),
            },
        ),
        "visited": _WORD,
        "performed": _WORD,
        "settled": _WORD,
    },
    next={
        "registered": Text("看收不收、由谁来办", "It is decided whether it is taken, and by whom"),
        "accepted": Text("确定主办单位", "A lead unit is named"),
        "mediating": Text("约双方调解", "Both sides are invited to mediation"),
        "waiting": Text("等您补材料", "Your papers are awaited"),
        "proposed": Text(
            "等双方答复；都认可，就约时间签协议",
            "Both sides answer; if both accept, a time is set to sign",
        ),
        "agreed": Text("双方照协议做", "Both sides do as agreed"),
        "performed": Text("回访您", "You are visited"),
        "settled": Text("回访您", "You are visited"),
        "failed": Text("回访您", "You are visited"),
        "visited": Text("等您说认不认可", "Your word is awaited"),
        "spoken": Text("归档", "The case is filed away"),
    },
)
