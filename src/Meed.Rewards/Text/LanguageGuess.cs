using System.Text;

namespace Meed.Rewards.Text;

/// <summary>Which language a text is in: the script that most letters belong to, then the function words of the languages that share the script.</summary>
/// <remarks>
/// Codes are ISO 639-1 (Chinese is <c>zh-cn</c>). The share of tokens that are among a language's 20 to 40 commonest words decides, letters that only some of the
/// candidates use add to it. Words of one letter count a tenth. Meant for texts of a sentence or more; a few words without function words fall to the first candidate of the script.
/// Own lists; no trained profile.
/// </remarks>
public static class LanguageGuess
{
    private static readonly (string Code, string Words, string Letters)[] s_latin =
    [
        ("en", "the of and to in is that it for you was with on as are be this have from or not by but what all were we when your can there an which their if will one would they", ""),
        ("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über ich wir", "äöüß"),
        ("fr", "de la le et les des en un du une que est pour qui dans par pas au plus sur ne se ce sont il avec aux son sa mais comme ou leur je vous nous cette être", "éèêçàœùîû"),
        ("es", "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre es son", "ñáéíóú¿¡"),
        ("it", "di e il la che in a per un del è una della i con non le si da come dei sono al alla nel più gli anche ma delle questo ci lo ha nella se io mi", "àèìòù"),
        ("pt", "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também é são você", "ãõçáéêíóú"),
        ("nl", "de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of wat mijn men dit zo door over ze", "ij"),
        ("sv", "och i att det som en på är av för med den till inte har de ett om var jag men så från vi kan när", "åäö"),
        ("da", "og i at det er en til af som på de med den for ikke der et har men om var jeg vi kan fra skal", "æøå"),
        ("no", "og i det er på en til som av for at med har de ikke den jeg et var om men vi kan fra så skal", "æøå"),
        ("fi", "ja on ei se että hän oli en mutta joka kun ovat myös tai sen niin kuin ole mitä minä voi sekä ne hyvin jos tämä siitä sitä", "äö"),
        ("et", "ja on ei see et oli ta ma kui mis ka aga või oma nii siis tema meie selle", "õäöü"),
        ("pl", "w i na z się do nie że jest to o jak po od za dla przez są co ale jego tak był może czy", "ąęłńśźż"),
        ("cs", "a v se na je že s z do o k i to ve pro za by jako ale jsem jsou který", "ěščřžýůť"),
        ("sk", "a v sa na je že s z do o k aj to vo pre za by ako ale som sú ktorý", "ľščťžýĺŕ"),
        ("sl", "je in v se na da so za ki ne z s pa kot bi o tudi ali po", "čšž"),
        ("hr", "je i u na se da su za koji ne s od kao a o što bi ali iz", "čćđšž"),
        ("ro", "de și în a la cu nu o că pe un din să este mai sunt pentru care ce dar", "ăâîșț"),
        ("hu", "a az és hogy nem is egy ez meg de van csak volt ki mint már el még", "őűáéíóöü"),
        ("tr", "ve bir bu da de için ile çok ne daha gibi olarak var ama en kadar olan ben", "ğışçö"),
        ("vi", "và của là có trong cho không được một với các những để đã này người khi từ đó như bạn tôi sẽ về ra nhiều", "đăâơưêôạảấầậắằặẹẽếềệịọốồộớờợụứừựỳỷỹ"),
        ("id", "yang dan di dengan untuk dari ini pada tidak itu dalam adalah ke akan saya anda juga atau ada kami mereka bisa", ""),
        ("sw", "na ya wa kwa ni la katika za kuwa hii cha kama yake hiyo huu vya au pia kila sana lakini yako wako hizi watu mtu", ""),
        ("so", "oo waa ka ku iyo in ay la u ah waxaa soo ayaa uu si", ""),
        ("tl", "ang ng sa na mga at ay hindi ito ko mo siya para kung may niya ako", ""),
        ("af", "die en van in is het dat nie te wat om met vir aan op as hy was sy 'n", ""),
        ("sq", "e të në dhe për një që me se nga është i si ka do më", "ëç"),
        ("ca", "de la i que el en a els les un una per amb és del al no com es més però", "çàèéíòóú"),
        ("lt", "ir yra į kad su iš tai ne kaip o bet buvo jis už nuo", "ąčęėįšųūž"),
        ("lv", "un ir ar par no kas uz lai ka tas bet vai arī tā kā", "āčēģīķļņšūž"),
        ("cy", "y yn a i o ar yr mae ei wedi am eu hi bod ond", "ŵŷ"),
    ];

    private static readonly (string Code, string Words, string Letters)[] s_cyrillic =
    [
        ("ru", "и в не на я что он с как это по но из у за от так же для вы бы то все она его мы или который был", "ыэё"),
        ("bg", "и на да се в за от не с е че си по са ще като до или това ми към те той как може при един", "ъ"),
        ("uk", "і в не на я що він з як це по але у за від так та для ви її є до чи", "іїєґ"),
        ("mk", "и на да се во за од не со е дека си по се ќе како до или тоа", "ѓќѕџ"),
    ];

    private static readonly (string Code, string Words, string Letters)[] s_arabic =
    [
        ("ar", "في من على أن إلى هذا التي عن مع لا هو ما هي كان الذي هذه أو ذلك بعد", "ةىأإ"),
        ("fa", "در به از که این با را است برای آن یک خود تا بر هم نیز می های شود", "پچژگی"),
        ("ur", "کے میں کی ہے اور سے کا کو اس نے پر یہ ہیں بھی ایک کہ تھا جو ہو", "ٹڈڑںےہ"),
    ];

    private static readonly (string Code, string Words, string Letters)[] s_devanagari =
    [
        ("hi", "के में है की और से का को हैं पर यह एक ने भी कि नहीं हो था लिए इस कर तो ही गया", ""),
        ("mr", "आहे आणि या च्या ते ही आहेत मध्ये नाही साठी होते एक त्या तो की हे असे करा आपल्या माझ्या तुम्ही", "ळ"),
        ("ne", "र छ को मा लागि पनि यो हो ले गर्न छन् भएको यस तथा गर्ने एक हुन्छ गरेको तपाईं हामी", ""),
    ];

    private static readonly Dictionary<string, Candidate[]> s_scripts = new()
    {
        ["Latin"] = Build(s_latin), ["Cyrillic"] = Build(s_cyrillic), ["Arabic"] = Build(s_arabic), ["Devanagari"] = Build(s_devanagari),
    };

    // Many languages have words of one letter, so those say little; English wins where hardly anything is said in Latin letters.
    private const double OneLetterWeight = 0.1, EnglishPrior = 0.02;

    private sealed record Candidate(string Code, HashSet<string> Words, HashSet<char> Letters);

    /// <summary>The language's code; null when the text has no letter.</summary>
    public static string? Detect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var script = Script(text);
        return script switch
        {
            null => null,
            "Latin" or "Cyrillic" or "Arabic" or "Devanagari" => Best(text, s_scripts[script]),
            _ => script,
        };
    }

    private static Candidate[] Build((string Code, string Words, string Letters)[] lists)
        => [.. lists.Select(l => new Candidate(l.Code, [.. l.Words.Split(' ')], [.. l.Letters]))];

    private static string? Script(string text)
    {
        var counts = new Dictionary<string, int>();
        int kana = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int v = rune.Value;
            string? script = v switch
            {
                < 0x250 => Rune.IsLetter(rune) ? "Latin" : null,
                >= 0x370 and < 0x400 => "el",
                >= 0x400 and < 0x530 => "Cyrillic",
                >= 0x590 and < 0x600 => "he",
                >= 0x600 and < 0x780 => "Arabic",
                >= 0x900 and < 0x980 => "Devanagari",
                >= 0x980 and < 0xA00 => "bn",
                >= 0xA00 and < 0xA80 => "pa",
                >= 0xA80 and < 0xB00 => "gu",
                >= 0xB80 and < 0xC00 => "ta",
                >= 0xC00 and < 0xC80 => "te",
                >= 0xC80 and < 0xD00 => "kn",
                >= 0xD00 and < 0xD80 => "ml",
                >= 0xE00 and < 0xE80 => "th",
                >= 0x1E00 and < 0x1F00 => "Latin",
                >= 0x3040 and < 0x3100 => "ja",
                >= 0x4E00 and < 0xA000 => "zh-cn",
                >= 0xAC00 and < 0xD7B0 => "ko",
                _ => null,
            };
            if (script is not null)
            {
                counts[script] = counts.GetValueOrDefault(script) + 1;
                kana += script == "ja" ? 1 : 0;
            }
        }

        if (kana > 0 && counts.Remove("zh-cn", out int han))
        {
            counts["ja"] = kana + han;
        }

        return counts.Count == 0 ? null : counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).First().Key;
    }

    private static string Best(string text, Candidate[] candidates)
    {
        var lower = text.ToLowerInvariant();
        var tokens = new List<string>();
        foreach (var token in Words.Split(lower))
        {
            tokens.Add(token.Trim(',', '.', '!', '?', ';', ':', '"', '(', ')', '*', '،', '۔', '।', '«', '»', '“', '”', '-'));
        }

        var letters = new Dictionary<char, int>();
        int all = 0;
        foreach (char c in lower)
        {
            if (c > 127 && char.IsLetter(c))
            {
                letters[c] = letters.GetValueOrDefault(c) + 1;
            }

            all += char.IsLetter(c) ? 1 : 0;
        }

        string best = candidates[0].Code;
        double most = 0;
        foreach (var candidate in candidates)
        {
            double hits = 0;
            foreach (var token in tokens)
            {
                hits += !candidate.Words.Contains(token) ? 0 : token.Length > 1 ? 1 : OneLetterWeight;
            }

            int own = candidate.Letters.Where(letters.ContainsKey).Sum(c => letters[c]);
            double score = (hits / Math.Max(1, tokens.Count)) + (2.0 * own / Math.Max(1, all)) + (candidate.Code == "en" ? EnglishPrior : 0);
            if (score > most)
            {
                most = score;
                best = candidate.Code;
            }
        }

        return best;
    }
}
