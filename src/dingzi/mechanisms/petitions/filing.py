"""How the public brings a petition, in the words of the page; and what a case asks of it later."""

from __future__ import annotations

from dingzi.core.registry import Coming, Filing, Question, Step
from dingzi.core.text import Text

_WORD = Question(
    title=Text("问题解决了吗？", "Is it resolved?"),
    text=Text(
        "您怎么说，就怎么记。您不说，我们不会替您说解决了。",
        "Your answer is recorded as you give it. Saying nothing is never counted as yes.",
    ),
    leads={
        "confirm": Text(
            "记下问题解决了，办完归档。", "Recorded as resolved; the petition is then filed away."
        ),
        "disagree": Text(
            "记下问题没有解决和您的理由。您申请复查复核、走法律途径，都不受影响。",
            "Recorded as not resolved, with your reasons. A review and the ways of law stay open.",
        ),
    },
)

filing = Filing(
    action="receive",
    title=Text("向政府反映问题、提建议、检举控告", "Bring something up with the authorities"),
    about=Text(
        "找过单位没有解决的事、对办事的意见建议、反映干部的问题（保密）。",
        "What an office has not solved, suggestions, or an accusation (kept confidential).",
    ),
    steps=(
        Step(
            fields=("kind", "text", "papers"),
            title=Text("您要反映什么？", "What do you want to bring up?"),
            short=Text("反映什么", "what you bring up"),
            hint=Text(
                "一件事写一次就行，不管归哪个部门。写上：",
                "Tell it once, whichever office is in charge. Please say:",
            ),
            points=(
                Text("什么事、什么时候", "what happened and when"),
                Text("您的请求是什么、理由是什么", "what you ask for, and why"),
                Text("找过谁、怎么答复的", "whom you asked before and what they said"),
            ),
        ),
        Step(
            fields=("place", "spot"),
            title=Text("事情发生在哪里？", "Where did it happen?"),
            short=Text("在哪里", "where"),
            hint=Text(
                "按地方转给有权处理的单位。",
                "It goes to the unit in charge of the place.",
            ),
        ),
        Step(
            fields=("name", "phone"),
            title=Text("怎么答复您？", "How can we answer you?"),
            short=Text("怎么答复您", "how to answer you"),
            hint=Text(
                "检举控告不会让被检举控告的人和单位知道。都可以不填，那就请您自己用回执来查。",
                "An accusation never reaches the person or unit accused. You may leave both empty; "
                "then please follow it yourself with your receipt.",
            ),
        ),
    ),
    coming=(
        Coming(
            title=Text("登记，转给有权处理的单位", "Registered and sent to the unit in charge"),
            clock="registration",
        ),
        Coming(
            title=Text("那个单位告诉您受理不受理", "The unit says whether it accepts"),
            text=Text(
                "能当场答复的当场答复；该走法定途径的，写明去哪里。",
                "What can be answered at once is; what belongs on a statutory path says where to go.",
            ),
            rule="petitions.acceptance",
        ),
        Coming(
            title=Text("自己的事，{length}内出处理意见书", "A claim is decided within {length}"),
            text=Text(
                "复杂的最多再延长三十天，要告诉您为什么。不服可以申请复查。",
                "A complex one may be prolonged, and you are told why. You may ask for a review.",
            ),
            rule="petitions.claim_handling",
            law=("信访工作条例", "34, 35"),
        ),
    ),
    questions=dict.fromkeys(("answered", "directed", "opined", "reviewed", "final"), _WORD),
    next={
        "received": Text("登记，看归谁办", "It is registered"),
        "registered": Text("转给有权处理的单位", "It is sent to the unit in charge"),
        "routed": Text("告诉您受理不受理", "You are told whether it is accepted"),
        "objected": Text("核实归谁办", "It is checked who is in charge"),
        "handling": Text("调查核实，出处理意见书", "It is looked into and an opinion is issued"),
        "studying": Text("研究，答复您", "It is studied and you are answered"),
        "examining": Text("处理，告诉您结果", "It is dealt with and you are told the result"),
        "answered": Text("等您说解决了没有", "Your word is awaited"),
        "directed": Text("您走法定途径", "You take the statutory path"),
        "opined": Text("意见书送到您手上", "The letter is served on you"),
        "reviewing": Text("上一级复查", "The level above reviews it"),
        "reviewed": Text("复查意见送到您手上", "The review is served on you"),
        "second_reviewing": Text("再上一级复核", "The next level reviews it"),
        "final": Text("意见落实", "The opinion is carried out"),
    },
)
