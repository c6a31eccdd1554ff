"""Whether the words beside a contact warn of it: a swindler's LINE name, a false page."""

from __future__ import annotations

import re

_WARNING = (
    r"มิจฉาชีพ|(?<!ข่าว)ปลอม|แอบอ้าง|อ้างเป็น|อ้างชื่อ|หลอก|อย่าหลงเชื่อ|อย่าเชื่อ|อย่าโอน|อย่ากด"
    r"|ห้ามกด|แก๊งคอล|คนร้าย|โจร|ข่าวเท็จ|ข้อมูลเท็จ|ไม่เป็นความจริง|พนันออนไลน์"
    r"|อันดับที่ ?[0-9]{1,2} ?:? ?เรื่อง|(?<![a-z-])fake(?!-? ?news)|scam|phishing"
    r"|swindler"
)
# After such a word, the text gives the right contact.
_ADVICE = (
    r"สอบถาม|ติดตาม|ตรวจสอบ|แจ้ง|ร้องเรียน|เบาะแส|ทางการ|รายละเอียด|ข้อมูลเพิ่มเติม|ดาวน์โหลด"
    r"|สายด่วน|โทรศัพท์|โทร\.|โทร "
    r"|สามารถติดต่อ|ติดต่อได้|ติดต่อศูนย์|ติดต่อกรม|ติดต่อสำนัก|ช่องทาง|ได้ที่|ที่ถูกต้อง|ตัวจริง|ปรึกษา|ขอรับ|ลงทะเบียน|ศูนย์|เพิ่มเพื่อน"
)
_BEFORE = re.compile(f"(?P<warning>{_WARNING})|{_ADVICE}|\n")
_AFTER = re.compile(r"[^\n]{0,30}?(?:ปลอม|ไม่ใช่ของ|ไม่ใช่เว็บ|ไม่ใช่เพจ|แอบอ้าง|เป็นมิจฉาชีพ|หลอกลวง)")
_REACH = 160  # characters before a contact that are read


def is_warned_of(text: str, start: int, end: int) -> bool:
    """Return whether a folded text warns readers against the contact at these offsets.

    The last telling word before it in its paragraph decides: one for a scam, or one for advice.
    """
    words = list(_BEFORE.finditer(text, max(0, start - _REACH), start))
    last = words[-1] if words else None
    if last is not None and last["warning"]:
        return True
    advised = last is not None and last[0] != "\n"
    return not advised and _AFTER.match(text, end) is not None
