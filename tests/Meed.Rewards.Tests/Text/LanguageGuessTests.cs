using Meed.Rewards.Text;

namespace Meed.Rewards.Tests.Text;

/// <summary>Sentences of known languages; the codes are those of ISO 639-1.</summary>
public class LanguageGuessTests
{
    [Theory]
    [InlineData("en", "The dog is not very big but the house is beautiful and it is ours.")]
    [InlineData("de", "Der Hund ist nicht sehr groß, aber das Haus ist schön und es gehört uns.")]
    [InlineData("fr", "Le chien n'est pas très grand mais la maison est belle et elle est dans la ville.")]
    [InlineData("es", "El perro no es muy grande pero la casa sí es grande y bonita.")]
    [InlineData("it", "Il cane non è molto grande ma la casa è bella e grande.")]
    [InlineData("pt", "O cachorro não é muito grande mas a casa é bonita, você também.")]
    [InlineData("nl", "De hond is niet groot maar het huis is mooi en groot.")]
    [InlineData("sv", "Hunden är inte stor men huset är vackert och stort.")]
    [InlineData("da", "Hunden er ikke stor men huset er pænt, og jeg skal hjem.")]
    [InlineData("fi", "Ja se on hyvä koira, mutta talo ei ole iso kun minä tulen.")]
    [InlineData("pl", "Pies nie jest duży, ale dom jest ładny i duży, to tak.")]
    [InlineData("cs", "Pes není velký, ale dům je hezký a velký, který se mi líbí, ale jsem za to.")]
    [InlineData("ro", "Câinele nu este mare și casa este frumoasă pentru că sunt aici.")]
    [InlineData("hu", "A kutya nem nagy, és a ház szép, hogy csak egy van.")]
    [InlineData("tr", "Bu köpek büyük değil ama ev çok güzel ve büyük bir ev için.")]
    [InlineData("vi", "Con chó này không lớn nhưng ngôi nhà đẹp và lớn của tôi.")]
    [InlineData("id", "Anjing ini tidak besar dan rumah itu bagus untuk saya dan anda.")]
    [InlineData("ru", "Собака не большая, но дом красивый и большой, это так.")]
    [InlineData("uk", "Собака не велика, але будинок гарний і великий, це так і є.")]
    [InlineData("bg", "Кучето не е голямо, но къщата е красива и голяма, това е.")]
    [InlineData("zh-cn", "这是一只狗。它不大。")]
    [InlineData("ja", "これは犬です。大きくないです。")]
    [InlineData("ko", "이것은 개입니다. 크지 않습니다.")]
    [InlineData("ar", "هذا كلب ليس كبيرا ولكن البيت جميل في المدينة")]
    [InlineData("fa", "این سگ بزرگ نیست و خانه زیبا است که می شود")]
    [InlineData("hi", "यह कुत्ता बड़ा नहीं है और घर सुंदर है")]
    [InlineData("el", "Αυτός ο σκύλος δεν είναι μεγάλος")]
    [InlineData("th", "สุนัขตัวนี้ไม่ใหญ่")]
    [InlineData("he", "הכלב הזה לא גדול")]
    public void Detect_SentenceOfALanguage_IsItsCode(string code, string text) => Assert.Equal(code, LanguageGuess.Detect(text));
}
