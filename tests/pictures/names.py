"""Names as people have them, and names as nobody should."""
# ruff: noqa: RUF001 - that is what they are for

SCRIPTS = {
    "Latin": "Zoë Müller-Łukasz Nguyễn",
    "Cyrillic": "Дмитрий Ёлкін",
    "Greek": "Ελένη Παπαδοπούλου",
    "Arabic": "محمد علي پژمان",
    "Hebrew": "שלום כהן-רץ",
    "Japanese": "田中さくら タナカ",
    "Chinese": "王小明 陳龍體",
    "Korean": "김민준 박서연",
    "Devanagari": "प्रिया शर्मा क्ष",
    "Thai": "สมชาย ใจดี",
    "Bengali": "সুমিত্রা",
    "Tamil": "தமிழ்ச்செல்வி",
    "Georgian": "ნინო",
    "Armenian": "Արամ",
    "fancy": "𝓐𝓭𝓪 𝕬𝖉𝖆 ᴀᴅᴀ Ⓐⓓⓐ Ａｄａ",
    "decorated": "★彡 Ada ༺༻ ꧁꧂ ♡",
}
EMOJI = "🏃🏽‍♀️👩🏾‍💻❤️🇫🇷1️⃣👨‍👩‍👧"

HOSTILE = {
    "a thousand accents": "Z" + "\u0301" * 1000,
    "accents on every letter": "".join(c + "\u0338\u030a\u0323" * 5 for c in "Zalgo is here"),
    "accents alone": "\u0301" * 50,
    "nothing to see": "\u200b\u200d\u2060\ufeff" * 50,
    "five hundred letters": "W" * 500,
    "one word of all Arabic": "ﷺ﷽" * 40,
    "control characters": "a\x00b\x07c\x1b[31md\x7f\x9b",
    "turned round": "\u202eevil\u202d\u2067\u2066 abc",
    "markup": "</text><rect width='9999' height='9999'/>&amp;&#0;<![CDATA[",
    "emoji without end": "👩‍👩‍👧‍👦" * 100,
    "joined without end": "\u200d".join("👩" * 300),
    "flags cut in half": "\U0001f1eb" * 61,
    "unknown": "\ue000\U000f0000\U00012345\u0378ᚠ",
    "half a character": "\ud83d Ada \udc00",
    "lines": "a\nb\r\nc\u2028d\u2029e\tf",
    "spaces": "\u3000 \u2003" * 100,
}
