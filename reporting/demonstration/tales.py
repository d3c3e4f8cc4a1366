"""What invented people report in the demonstration, and how far each report is brought."""

from __future__ import annotations

from reporting.demonstration.tale import Tale, number, told

TALES = (
    Tale(
        "quay",
        told(
            "Right now two men in dark clothes are at the reefer stack behind gate 4. They have "
            "cut the fence and carry sports bags towards a container whose doors stand open. A "
            "white van waits outside with its lights off.",
            what={
                "categories": ["NARCOTICS"],
                "happening_now": True,
                "indicators": ["GE4", "IM1"],
                "direction": "IMPORT",
            },
            where={"place": "Container terminal, gate 4", "locode": number("SEGOT")},
            transport={
                "mode": "1",
                "containers": [number("CSQU 305438-3", "CSQU3054383")],
                "vehicles": [{"plate": "ABC123", "country": "SE", "colour": "white"}],
            },
            how={"source": "saw", "first_hand": True, "sure": "certain"},
        ),
        photo=True,
    ),
    Tale(
        "spot load",
        told(
            "A freight exchange offered me a load at twice the usual price, to be picked up at a "
            "lay-by after dark. I said no. An hour later a stranger rang and knew my name.",
            what={"categories": ["UNKNOWN"], "role": "road_carrier", "indicators": ["CA7"]},
            where={"place": "Lay-by on the E6, north of Svinesund", "locode": number("SESVI")},
            transport={"mode": "3"},
            how={"source": "work", "first_hand": True, "sure": "likely", "through_work": "yes"},
            about={"at_risk": True, "risk": "He knows where I park at night."},
            filed={"through_work": True},
        ),
    ),
    Tale(
        "parcels",
        told(
            "Every Tuesday the same woman brings thirty small parcels to our counter. All go to "
            "one suburb in Australia, all are declared as vitamins, and each has another sender.",
            what={
                "categories": ["SYNTHETIC_DRUGS"],
                "direction": "EXPORT",
                "role": "postal",
                "indicators": ["EX3"],
                "declared_goods": "Vitamins",
                "quantity": "30",
                "unit": "parcels",
                "concealment": ["PARCEL_SPLIT"],
            },
            transport={"mode": "5", "postal_item": number("RR 473124829 SE", "RR473124829SE")},
            where={"place": "Post counter", "to": "Australia"},
            how={"source": "work", "first_hand": True, "sure": "certain"},
        ),
        target="referred",
        grade=("B", "2", "H0"),
        priority="P2",
        classified={
            "category": "SYNTHETIC_DRUGS",
            "direction": "EXPORT",
            "mode": "5",
            "destination": "AU",
        },
        note="The numbers of nine parcels follow one another.",
        sanitised=(
            "Since early autumn series of about thirty small parcels, declared as vitamins, are "
            "posted weekly to one suburb in Australia under changing senders."
        ),
        receiver="ABF",
        talk=(
            ("desk", "Thank you. Do you remember the name of the suburb? Do not ask the woman."),
            ("reporter", "It began with W and the postcode was 2. something. She paid in cash."),
        ),
    ),
    Tale(
        "invoice",
        told(
            "Our customer asks us to split each invoice in two and to show the lower one at the "
            "border. The difference is paid to a company in another country.",
            mode="confidential",
            what={"categories": ["MISDESCRIBED"], "eu_finances": "yes", "direction": "IMPORT"},
            who=[{"company": "Kestrel Trading GmbH", "role": "buyer", "category": "suspect"}],
            how={"source": "documents", "first_hand": True, "through_work": "yes"},
            filed={"through_work": True},
            about={"may_contact": True, "safe_times": "Weekdays after six in the evening"},
        ),
        identity={"name": "Ellen Fors", "phone": "+46 70 000 00 01", "email": "", "address": ""},
        target="acknowledged",
    ),
    Tale(
        "seal",
        told(
            "The seal on the trailer I collected had fresh glue on it, and its number was not the "
            "one on my papers. I photographed it before I drove on.",
            what={
                "categories": ["TOBACCO"],
                "role": "road_carrier",
                "indicators": ["CA1"],
                "handling_stage": "pick_up",
            },
            transport={
                "mode": "3",
                "seal": "0048812",
                "vehicles": [{"plate": "XYZ789", "trailer": "TRL456", "country": "SE"}],
            },
            how={"source": "saw", "first_hand": True, "sure": "certain"},
        ),
        photo=True,
        on_behalf=True,
        target="assessed",
        grade=("B", "1", "H1"),
        priority="P3",
        classified={"category": "TOBACCO", "mode": "3", "direction": "IMPORT"},
        note="The seal number belongs to a series reported stolen in spring.",
        talk=(("desk", "Could you tell us at which terminal you collected the trailer?"),),
    ),
    Tale(
        "night visits",
        told(
            "A unit in our storage house is visited at night only. It smells of aniseed and the "
            "electricity bill has trebled since they moved in.",
            what={
                "categories": ["SYNTHETIC_DRUGS", "PRECURSORS"],
                "role": "self_storage",
                "indicators": ["WH5", "NC1"],
            },
            where={"place": "Storage house, unit 112"},
            how={"source": "saw", "sure": "likely"},
        ),
        target="triaged",
        grade=("X", "2", "H2"),
        priority="P2",
        classified={"category": "SYNTHETIC_DRUGS"},
        note="Smell and use of power fit the making of amphetamine.",
    ),
    Tale(
        "badge",
        told(
            "A crane driver lends his badge to people who do not work here. Twice now a container "
            "was moved during his shift without a work order.",
            what={"categories": ["UNKNOWN"], "role": "terminal", "indicators": ["GE3"]},
            transport={"mode": "1", "containers": [number("CSQU3054383")]},
            how={"source": "work", "sure": "likely", "through_work": "yes"},
            filed={"through_work": True},
        ),
        target="action",
        grade=("B", "2", "H1"),
        priority="P2",
        classified={"category": "NARCOTICS", "mode": "1", "direction": "IMPORT", "place": "SEGOT"},
        note="The container was also named in another report of this month.",
        talk=(
            ("desk", "We have received this and take it seriously. Please do not look further."),
            ("reporter", "Understood. He is on holiday from next week."),
            ("desk", "Thank you, that helps."),
        ),
    ),
    Tale(
        "badge again",
        told(
            "The man on crane two gives his card to strangers.",
            what={"categories": ["UNKNOWN"]},
            how={"source": "told"},
        ),
        target="merged",
        grade=("X", "4", "H2"),
        priority="P3",
        into="badge",
    ),
    Tale(
        "neighbour",
        told(
            "My neighbour parks a foreign lorry in our street every weekend.",
            what={"categories": ["UNKNOWN"]},
            how={"source": "saw"},
        ),
        target="no_action",
        grade=("X", "4", "H2"),
        priority="P4",
        reason="The lorry is registered to a haulier who lives there.",
    ),
    Tale(
        "benefit",
        told(
            "A man I know draws unemployment benefit and works for cash at a building site.",
            what={"categories": ["UNKNOWN"]},
        ),
        target="out_of_scope",
        reason="Not a customs matter; the reporter was told where to turn.",
        talk=(("desk", "This is for another authority. Please tell the insurance fund."),),
    ),
    Tale(
        "rival",
        told(
            "The import firm across the road smuggles everything. Search them every day.",
            what={"categories": ["UNKNOWN"]},
        ),
        target="malicious",
        grade=("C", "4", "H3"),
        priority="P4",
        reason="Third report by the same hand; the facts given were disproved each time.",
    ),
    Tale(
        "cigarettes",
        told(
            "Behind the false wall of a furniture lorry I saw cartons of cigarettes without tax "
            "stamps, about four pallets.",
            what={
                "categories": ["TOBACCO"],
                "concealment": ["STRUCTURE"],
                "quantity": "4",
                "unit": "pallets",
            },
            transport={"mode": "3", "vehicles": [{"plate": "FUR555", "country": "PL"}]},
            how={"source": "saw", "first_hand": True, "sure": "certain"},
        ),
        on_behalf=True,
        target="closed",
        grade=("A", "1", "H0"),
        priority="P2",
        classified={"category": "TOBACCO", "mode": "3", "direction": "IMPORT", "place": "SETRG"},
        note="Stopped at the ferry; the load was as described.",
        talk=(("desk", "Thank you. What you told us was used. We cannot say more about it."),),
    ),
    Tale(
        "boat",
        told(
            "An open boat without lights meets coasters off the lighthouse. Parcels go over the "
            "side and are fished up.",
            mode="named",
            what={"categories": ["NARCOTICS"], "concealment": ["DROP_OFF"]},
            where={"place": "Off the lighthouse"},
            transport={"mode": "1", "vessel": "Maren", "imo": number("9074729")},
            when={"seen": "Saturday, about two in the morning", "recurring": "yes"},
            how={"source": "saw", "first_hand": True, "sure": "certain"},
            about={"may_contact": True},
        ),
        identity={"name": "Oskar Lind", "phone": "+46 70 000 00 02", "email": "", "address": ""},
        target="reopened",
        grade=("B", "2", "H1"),
        priority="P3",
        classified={"category": "NARCOTICS", "mode": "1"},
        reason="The same boat was seen again by the coast guard.",
    ),
    Tale(
        "old tip",
        told(
            "Two years ago somebody at the airfield kept a locked hangar for strangers.",
            what={"categories": ["UNKNOWN"]},
        ),
        target="retention_review",
        grade=("X", "4", "H2"),
        priority="P4",
        reason="Too old and too little to follow up.",
    ),
    Tale(
        "erased",
        told("A container was late.", what={"categories": ["UNKNOWN"]}),
        target="erased",
        grade=("X", "4", "H2"),
        priority="P4",
        reason="Nothing in it that could be followed up.",
    ),
)
