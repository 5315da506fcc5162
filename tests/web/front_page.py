"""Invented news that shows what the pages have to cope with."""

from datetime import UTC, datetime

from tests.web.newsroom import ARABIC, CHINESE, DAILY, GAZETTE, WIRE, Newsroom, Telling
from tracker.types import DateRole, EventType, Modality

ORDER = (
    "The Commerce Department on Saturday ordered Lantern Labs to stop serving Beacon 3 and Beacon 3 Mini "
    "to users outside the United States until they hold a licence."
)
EFFECT = "The order takes effect on 1 July 2026; comments are due by 15 July."
WIRE_ORDER = "Washington barred Lantern Labs from offering its Beacon 3 model abroad on June 13, officials said."
ANSWER = "Lantern Labs said on Monday it would seek a licence for customers in the United Arab Emirates."
CHINESE_RELEASE = "泉合智能6月15日发布并开源其新模型QH-MoE 2。"
RUMOUR = "Orrery Cloud may be next, two people familiar with the matter said."
BILL = "A bill that would put model weights under export licences was introduced in the House on Thursday."
ARABIC_NEWS = "أعلنت الإمارات يوم الأربعاء تخفيف القيود على نموذج Beacon 3."

LANTERN = ("company/lantern-labs", "Lantern Labs")
BEACON = ("model/beacon-3", "Beacon 3")


def fill(newsroom: Newsroom) -> None:
    """Publish one rich story and two small ones."""
    _publish_order(newsroom)
    _publish_aftermath(newsroom)
    _publish_others(newsroom)


def _publish_order(newsroom: Newsroom) -> None:
    newsroom.publish(
        GAZETTE,
        "Order concerning certain advanced AI models",
        f"{ORDER} {EFFECT}",
        [
            Telling(
                event="order", type=EventType.RESTRICTION, cue="ordered", sentence=ORDER,
                actors=(("agency/us-commerce", "Commerce Department"),),
                targets=(BEACON, ("model/beacon-3-mini", "Beacon 3 Mini"), LANTERN),
                named=(("country/US", "United States"),),
                dates=(
                    (DateRole.ANNOUNCED, "2026-06-13", "on Saturday"),
                    (DateRole.EFFECTIVE, "2026-07-01", "takes effect on 1 July 2026"),
                    (DateRole.COMMENT, "2026-07-15", "by 15 July"),
                ),
            ),
        ],
        story="order",
        published_at=datetime(2026, 6, 14, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    first = newsroom.publish(
        WIRE,
        "US bars Lantern Labs from offering Beacon 3 abroad",
        f"{WIRE_ORDER} It is to apply from August.",
        [
            Telling(
                event="order", type=EventType.RESTRICTION, cue="barred", sentence=WIRE_ORDER,
                actors=(("country/US", "Washington"),), targets=(LANTERN, BEACON),
                dates=(
                    (DateRole.ANNOUNCED, "2026-06-13", "on June 13"),
                    (DateRole.EFFECTIVE, "2026-08", "from August"),
                ),
            ),
        ],
        story="order",
        published_at=datetime(2026, 6, 14, 11, 0, tzinfo=UTC),
    )  # fmt: skip
    newsroom.publish(
        DAILY,
        "US bars Lantern Labs from offering Beacon 3 abroad",
        WIRE_ORDER,
        story="order",
        published_at=datetime(2026, 6, 14, 12, 30, tzinfo=UTC),
        copy_of=first,
    )


def _publish_aftermath(newsroom: Newsroom) -> None:
    newsroom.publish(
        DAILY,
        "Lantern Labs to ask for a licence; is Orrery next?",
        f"{ANSWER} {RUMOUR}",
        [
            Telling(
                event="answer", type=EventType.COMPANY_RESPONSE, cue="would seek a licence", sentence=ANSWER,
                modality=Modality.INTENT, actors=(LANTERN,), named=(("country/AE", "United Arab Emirates"),),
                dates=((DateRole.ANNOUNCED, "2026-06-15", "on Monday"),),
            ),
            Telling(
                event="rumour", type=EventType.RESTRICTION, cue="may be next", sentence=RUMOUR,
                modality=Modality.RUMOUR, targets=(("company/orrery-cloud", "Orrery Cloud"),),
            ),
        ],
        story="order",
        published_at=datetime(2026, 6, 16, 7, 0, tzinfo=UTC),
    )  # fmt: skip
    newsroom.publish(
        CHINESE,
        "泉合智能开源新模型QH-MoE 2",
        CHINESE_RELEASE,
        [
            Telling(
                event="release", type=EventType.MODEL_RELEASE, cue="发布并开源", sentence=CHINESE_RELEASE,
                actors=(("company/quanhe", "泉合智能"),), targets=(("model/qh-moe-2", "QH-MoE 2"),),
                dates=((DateRole.ANNOUNCED, "2026-06-15", "6月15日"),),
            ),
        ],
        story="order",
        published_at=datetime(2026, 6, 16, 8, 0, tzinfo=UTC),
    )  # fmt: skip


def _publish_others(newsroom: Newsroom) -> None:
    newsroom.publish(
        DAILY,
        "House bill would license model weights",
        BILL,
        [
            Telling(
                event="bill", type=EventType.LEGISLATION, cue="introduced", sentence=BILL, modality=Modality.PROPOSAL,
                dates=((DateRole.ANNOUNCED, "2026-06-11", "on Thursday"),),
            ),
        ],
        story="bill",
        published_at=datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
    )  # fmt: skip
    newsroom.publish(
        ARABIC,
        "الإمارات تخفف القيود على نموذج Beacon 3",
        ARABIC_NEWS,
        [
            Telling(
                event="easing", type=EventType.EASING, cue="تخفيف القيود", sentence=ARABIC_NEWS,
                actors=(("country/AE", "الإمارات"),), targets=(("model/beacon-3", "Beacon 3"),),
                dates=((DateRole.ANNOUNCED, "2026-06-17", "يوم الأربعاء"),),
            ),
        ],
        story="easing",
        published_at=datetime(2026, 6, 18, 8, 0, tzinfo=UTC),
    )  # fmt: skip
