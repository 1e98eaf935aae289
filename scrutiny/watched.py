"""What is watched from the start: offices rather than persons. The desk adds to it and exempts from it."""

# Claimed where a name is asked for, these come first: "Aaron Judge" is a name, "Judge Aaron" a claim
TITLES = (
    "prof", "professor", "dr", "doctor", "senator", "congressman", "congresswoman", "president",
    "prime minister", "minister", "ambassador", "governor", "chancellor", "judge", "chief justice",
    "mr justice", "lord justice", "lady justice", "major", "general", "colonel", "captain", "lieutenant",
    "brigadier", "admiral", "field marshal", "his excellency", "her excellency",
    "professeur", "professeure", "docteur", "sénateur", "sénatrice", "président", "présidente", "ministre",
    "ambassadeur", "ambassadrice", "juge", "général", "capitaine",
    "دكتور", "الدكتور", "دكتورة", "الدكتورة", "بروفيسور", "البروفيسور", "القاضي", "الوزير", "السفير",
    "اللواء", "العقيد", "جنرال", "الجنرال", "الرئيس", "معالي", "سعادة", "فخامة",
    "دکتر", "داکتر", "پروفسور", "پوهاند", "سناتور", "جلالتمآب", "ډاکټر", "ډاکتر", "پروفیسر",
    "ڈاکٹر", "جنرل", "میجر", "کرنل", "بریگیڈیئر", "سینیٹر", "جسٹس", "عزت مآب",
)  # fmt: skip
# Words that may stand before a title, and titles that stand behind a name
BEFORE_TITLES = frozenset(
    {"the", "mr", "mrs", "ms", "madam", "assistant", "asst", "associate", "assoc", "emeritus", "former"}
    | {"monsieur", "madame", "mme", "le", "la", "ex"}
)
TITLES_BEHIND = ("phd", "ph d", "mp", "mep", "député", "députée", "eurodéputé", "eurodéputée")

# Claimed as a role or an affiliation
OFFICES = (
    "president", "prime minister", "minister", "head of state", "head of government", "ambassador",
    "high commissioner", "special envoy", "special rapporteur", "secretary of state", "foreign secretary",
    "home secretary", "un secretary general", "secretary general of the united nations", "attorney general",
    "federal chancellor", "governor", "member of parliament", "member of congress", "mp", "mep", "senator",
    "congressman", "congresswoman", "judge", "chief justice", "supreme court justice", "major general",
    "lieutenant general", "brigadier general", "army general", "general of the army", "admiral",
    "field marshal",
    "président", "présidente", "premier ministre", "première ministre", "ministre", "ambassadeur",
    "ambassadrice", "haut commissaire", "chef de l'État", "député", "députée", "eurodéputé", "eurodéputée",
    "sénateur", "sénatrice", "juge", "général de brigade", "général de division", "général d'armée",
    "رئيس الجمهورية", "رئيس الدولة", "رئيس الوزراء", "رئيس الحكومة", "رئيس البرلمان", "وزير", "وزيرة",
    "الوزير", "الوزيرة", "سفير", "سفيرة", "السفير", "السفيرة", "المفوض السامي", "عضو البرلمان",
    "عضو مجلس النواب", "عضو مجلس الشيوخ", "قاضي", "قاض", "قاضية", "القاضي", "القاضية", "لواء", "اللواء",
    "رئیس جمهور", "رئیس‌جمهوری", "رئیس دولت", "رئیس مجلس", "نخست‌وزیر", "صدراعظم", "وزیر", "سفیر",
    "کمیسار عالی", "کمیشنر عالی", "نماینده مجلس", "نماینده پارلمان", "وکیل پارلمان", "عضو پارلمان",
    "عضو ولسی جرگه", "عضو مشرانو جرگه", "سناتور", "قاضی", "والی",
    "ولسمشر", "جمهور رییس", "لومړی وزیر", "د ولسي جرګې غړی", "د ولسي جرګې غړې", "د مشرانو جرګې غړی",
    "صدر مملکت", "صدر پاکستان", "وزیر اعظم", "وزیراعظم", "وزیر اعلیٰ", "رکن پارلیمنٹ", "رکن اسمبلی",
    "رکن قومی اسمبلی", "ایم این اے", "ایم پی اے", "سینیٹر", "جج", "جسٹس", "چیف جسٹس", "ہائی کمشنر", "گورنر",
    "میجر جنرل", "لیفٹیننٹ جنرل", "بریگیڈیئر",
)  # fmt: skip
# These are offices by themselves only: there are general practitioners and secretaries general
OFFICES_ALONE = ("general", "the general", "général", "جنرال", "الجنرال", "جنرل")

# Organisations that others like to be taken for
ORGANISATIONS = (
    "United Nations", "UNHCR", "UNICEF", "UN Women", "UNESCO", "World Health Organization",
    "European Commission", "European Parliament", "European Union", "African Union", "Council of Europe",
    "International Committee of the Red Cross", "International Criminal Court", "Amnesty International",
    "Human Rights Watch", "Médecins Sans Frontières", "Doctors Without Borders", "Save the Children",
    "Reporters Without Borders", "Transparency International",
)  # fmt: skip
