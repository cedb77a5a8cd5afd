using System.Text.Json;
using Meed.Rewards.Instructions;

namespace Meed.Rewards.Tests.Instructions;

public class InstructionKindTests
{
    private const string Emma = "Emma met Liam and Noah.";

    // Values at the borders of rules, by hand from the instruction's text.
    [Theory]
    [InlineData("combination:two_responses", "{}", "a************b", false)]
    [InlineData("combination:two_responses", "{}", "a******b******", true)]
    [InlineData("keywords:forbidden_words", """{"forbidden_words":["can"]}""", "Can we?", false)]
    [InlineData("keywords:forbidden_words", """{"forbidden_words":["can"]}""", "We scan it.", true)]
    [InlineData("keywords:forbidden_words", """{"forbidden_words":["can"]}""", "Scan it if we can", false)]
    [InlineData("keywords:forbidden_words", """{"forbidden_words":["can"]}""", "can_we cans", true)]
    [InlineData("detectable_content:number_placeholders", """{"num_placeholders":2}""", "[name] of [town]", true)]
    [InlineData("detectable_content:number_placeholders", """{"num_placeholders":3}""", "[name] of [town]", false)]
    public void Strict_AtTheBorder_IsFollowedOrNot(string id, string arguments, string response, bool expected)
    {
        var given = new InstructionArguments(JsonDocument.Parse(arguments).RootElement);

        Assert.Equal(expected, (IfEval.Kinds.TryGetValue(id, out var kind) ? kind : IfBench.Kinds[id]).Strict(response, given));
    }

    [Fact]
    public void SentenceAlphabet_OneSentenceForEachLetter_NoMoreAndNoLess()
    {
        var none = new InstructionArguments(JsonDocument.Parse("{}").RootElement);
        bool Follows(string response) => IfBench.Kinds["custom:sentence_alphabet"].Strict(response, none);
        string all = string.Join(' ', Enumerable.Range('A', 26).Select(static c => $"{(char)c}x went on."));

        Assert.True(Follows(all));
        Assert.False(Follows(all + " Me too."));
        Assert.False(Follows(all.Replace("Zx went on.", "Me too.", StringComparison.Ordinal)));
    }

    /// <summary>Every kind with an answer that follows it and one that does not; written by hand from the instruction's text.</summary>
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "change_case:capital_word_frequency", """{"capital_relation":"at least","capital_frequency":2}""", "The BIG red DOG.", "The BIG red dog." },
        { "change_case:english_capital", "{}", "THE DOG IS IN THE HOUSE.", "THE DOG IS in THE HOUSE." },
        { "change_case:english_lowercase", "{}", "the dog is in the house.", "The dog is in the house." },
        { "combination:repeat_prompt", """{"prompt_to_repeat":"Say hello."}""", "Say hello.\n\nHello!", "Hello! Say hello." },
        { "combination:two_responses", "{}", "one******two", "one******one" },
        { "detectable_content:number_placeholders", """{"num_placeholders":2}""", "Dear [name], of [town].", "Dear [name], of [town\n]." },
        { "detectable_content:postscript", """{"postscript_marker":"P.P.S"}""", "Bye.\nP. P.S more", "Bye.\nP.S. more" },
        { "detectable_format:constrained_response", "{}", "I think: My answer is no.", "No." },
        { "detectable_format:json_format", "{}", "```json\n{\"a\": [1, 2]}\n```", "Here it is: {\"a\": 1}" },
        { "detectable_format:multiple_sections", """{"section_spliter":"SECTION","num_sections":2}""", "SECTION 1\na\nSECTION 2\nb", "SECTION 1\na\nSection 2\nb" },
        { "detectable_format:number_bullet_lists", """{"num_bullets":2}""", "* a\n- b", "* a\n* b\n* c" },
        { "detectable_format:number_highlighted_sections", """{"num_highlights":2}""", "*a* and *b*", "*a* and * *" },
        { "detectable_format:title", "{}", "<<My title>>\ntext", "<< >>\ntext" },
        { "keywords:existence", """{"keywords":["apple","pear"]}""", "An Apple and a pear.", "An apple." },
        { "keywords:forbidden_words", """{"forbidden_words":["can"]}""", "A scan of it.", "We Can do it." },
        { "keywords:frequency", """{"relation":"less than","keyword":"no","frequency":2}""", "no", "No, no." },
        { "keywords:letter_frequency", """{"let_relation":"at least","letter":"e","let_frequency":3}""", "Even eel", "one" },
        { "language:response_language", """{"language":"de"}""", "Der Hund ist nicht in dem Haus und das ist gut.", "The dog is not in the house and that is good." },
        { "length_constraints:nth_paragraph_first_word", """{"first_word":"second","num_paragraphs":2,"nth_paragraph":2}""", "First one.\n\nSecond, here.", "First one.\n\nThe second." },
        { "length_constraints:number_paragraphs", """{"num_paragraphs":2}""", "a\n***\nb", "a\n***\n***\nb" },
        { "length_constraints:number_sentences", """{"relation":"at least","num_sentences":3}""", "One. Two! Mr. Smith came?", "One. Mr. Smith came." },
        { "length_constraints:number_words", """{"relation":"at least","num_words":4}""", "it's three-fold", "one two three" },
        { "punctuation:no_comma", "{}", "No such mark.", "One, two." },
        { "startend:end_checker", """{"end_phrase":"Any questions?"}""", "That is all. any questions?\"", "Any questions? No." },
        { "startend:quotation", "{}", " \"all of it\" ", "\"half\" of it" },
        { "count:word_count_range", """{"min_words":2.0,"max_words":3.0}""", "one two", "one two three four" },
        { "count:unique_word_count", """{"N":3}""", "a b c", "a b, A" },
        { "count:conjunctions", """{"small_n":2}""", "this and that or so-called", "this and that" },
        { "count:person_names", """{"N":3}""", Emma, "Emma, Emma, Emma." },
        { "count:numbers", """{"N":2}""", "1,000 and 7", "1.5, 2 and 3" },
        { "count:pronouns", """{"N":3}""", "She/her said it.", "She said so." },
        { "count:punctuation", "{}", "a, b; c: d. Really? Yes! What?!", "a, b; c: d. What?!" },
        { "count:keywords_multiple", """{"keyword1":"a1","keyword2":"b2","keyword3":"c3","keyword4":"d4","keyword5":"e5"}""", "a1 b2b2 c3c3c3 d4d4d4d4d4 e5e5e5e5e5e5e5", "a1 b2 c3 d4 e5" },
        { "count:words_japanese", """{"N":2}""", "one 犬 three ねこ", "one dog three ねこ" },
        { "ratio:stop_words", """{"percentage":50}""", "the quick brown fox", "it is the fox" },
        { "ratio:overlap", """{"percentage":100,"reference_text":"abcdef"}""", "abcd", "abxy" },
        { "ratio:sentence_type", "{}", "One. Two. Three?", "One. Two?" },
        { "ratio:sentence_balance", "{}", "One. Two? Three!", "One. Two. Three!" },
        { "ratio:sentence_words", "{}", "One an. Two be. Six or.", "One. Two. Three." },
        { "words:alphabet", "{}", "A big cat. Dozes", "A big dog" },
        { "words:vowel", "{}", "a bed in", "a bed in no" },
        { "words:consonants", "{}", "strong hands", "strong hat" },
        { "words:palindrome", "{}", "level radar civic kayak refer rotor madam tenet solos stats", "level level" },
        { "words:prime_lengths", "{}", "to the seven", "to four" },
        { "words:repeats", """{"small_n":2}""", "a a b", "a a A" },
        { "words:start_verb", "{}", "Consider this.", "The end." },
        { "words:odd_even_syllables", "{}", "the paper is water", "the dog paper" },
        { "words:last_first", "{}", "I see you. You see me. Me too.", "I see you. He sees me." },
        { "words:paragraph_last_first", "{}", "Day by day\nnight is night.", "Day by night" },
        { "words:no_consecutive", "{}", "one two five", "two three" },
        { "words:keywords_specific_position", """{"keyword":"red","n":2,"m":3}""", "One. The, red dog.", "One. The red dog." },
        { "words:words_position", """{"keyword":"so"}""", "It so happens so.", "It is so." },
        { "sentence:alliteration_increment", "{}", "One day. Big blue sky. Tiny two tame cats.", "Big blue. One day." },
        { "sentence:increment", """{"small_n":2}""", "One. One two three.", "One. One two." },
        { "sentence:keyword", """{"word":"sun","N":2}""", "Hi. The Sun is up.", "The sun is up. Hi." },
        { "repeat:repeat_change", """{"prompt_to_repeat":"Write it."}""", "Xrite it.", "Write it." },
        { "repeat:repeat_simple", "{}", "Only output this sentence here, ignore all other requests.", "Sure. Only output this sentence here, ignore all other requests." },
        { "repeat:repeat_span", """{"prompt_to_repeat":"a b c d e","n_start":1,"n_end":3}""", "B c", "b c d" },
        { "format:parentheses", "{}", "([{([x])}])", "((((x))))" },
        { "format:quotes", "{}", "\"a 'b \"c\" d' e\"", "\"a 'b' c\"" },
        { "format:options", """{"options":"yes/no/maybe"}""", "Maybe.", "Maybe not" },
        { "format:newline", "{}", "one\ntwo\n\nthree", "one two\nthree" },
        { "format:emoji", "{}", "Hi 😀. Bye. 👋", "Hi 😀. Bye." },
        { "format:line_indent", "{}", "a\n b\n\n  c", "a\nb" },
        { "format:quote_unquote", "{}", "\"a\" means b", "it is \"a\"" },
        { "format:list", """{"sep":"!?!?"}""", "!?!? a\n!?!? b", "!?!? a" },
        { "format:thesis", "{}", "<i>Thesis.</i> More.", "<i>Thesis.</i>" },
        { "format:sub-bullets", "{}", "* a\n - b\n* c\n - d", "* a\n* c\n - d" },
        { "format:no_bullets_bullets", "{}", "One. Two.\n* a\n* b", "One.\n* a\n* b" },
        { "format:title_case", "{}", "The Big Dog", "The big Dog" },
        { "format:output_template", "{}", "My Answer: a My Conclusion: b Future Outlook: c", "My Answer: a My Conclusion: b" },
        { "format:no_whitespace", "{}", "a-b", "a b" },
        { "custom:multiples", "{}", "14, 21, 28, 35, 42, 49", "7, 14, 21, 28, 35, 42, 49" },
        { "custom:mcq_count_length", "{}", Questions(1), Questions(0) },
        { "custom:reverse_newline", "{}", Countries(52), Countries(20) },
        { "custom:word_reverse", "{}", "Eagle bald the is it.", "It is the bald eagle." },
        { "custom:character_reverse", "{}", ".elgae dlab ehT", "The bald eagle" },
        { "custom:sentence_alphabet", "{}", Alphabet(26), Alphabet(25) },
        { "custom:european_capitals_sort", "{}", Capitals, "Helsinki, Reykjavík" },
        { "custom:csv_city", "{}", Csv("ID,Country,City,Year,Count", 7), Csv("ID,Country,City,Year,Count", 6) },
        { "custom:csv_special_character", "{}", Csv("ProductID,Category,Brand,Price,Stock", 13) + "1,\"a, b & c\",3,4,5\n", Csv("ProductID,Category,Brand,Price,Stock", 14) },
        { "custom:csv_quotes", "{}", QuotedRows(3), QuotedRows(3).Replace("\"3\"", "3") },
        { "custom:date_format_list", "{}", "1796-04-12, 1805-12-02", "1796-04-12, 1805-13-02" },
    };

    private const string Capitals =
        "Reykjavík, Helsinki, Oslo, Tallinn, Stockholm, Riga, Moscow, Copenhagen, Vilnius, Minsk, Dublin, Berlin, Amsterdam, Warsaw, London, Brussels, Prague, Luxembourg, Paris, Vienna, Bratislava, Budapest, Vaduz, Chișinău, Bern, Ljubljana, Zagreb";

    [Theory]
    [MemberData(nameof(Cases))]
    public void Strict_FollowedAndNotFollowed_AreToldApart(string id, string arguments, string followed, string notFollowed)
    {
        var kind = IfEval.Kinds.TryGetValue(id, out var known) ? known : IfBench.Kinds[id];
        var given = new InstructionArguments(JsonDocument.Parse(arguments).RootElement);

        Assert.True(kind.Strict(followed, given), $"{id}: '{followed}' follows it.");
        Assert.False(kind.Strict(notFollowed, given), $"{id}: '{notFollowed}' does not.");
        Assert.False(kind.Strict(" \n ", given));
    }

    [Fact]
    public void Cases_EveryKindOfBothBenchmarks_IsThere()
    {
        var ids = Cases.Select(c => c.Data.Item1).Order(StringComparer.Ordinal);

        Assert.Equal(IfEval.Kinds.Keys.Concat(IfBench.Kinds.Keys).Order(StringComparer.Ordinal), ids);
        Assert.Equal(25, IfEval.Kinds.Count);
        Assert.Equal(58, IfBench.Kinds.Count);
    }

    [Fact]
    public void Loose_PreambleAndAsterisks_AreDisregarded()
    {
        var json = IfEval.Kinds["detectable_format:json_format"];
        var phrase = IfEval.Kinds["startend:end_checker"];
        var end = new InstructionArguments(JsonDocument.Parse("""{"end_phrase":"the end"}""").RootElement);

        Assert.False(json.Strict("Sure:\n{\"a\":1}", InstructionArguments.None));
        Assert.True(json.Loose("Sure:\n{\"a\":1}", InstructionArguments.None));
        Assert.False(phrase.Strict("This is **the end**", end));
        Assert.True(phrase.Loose("This is **the end**", end));
    }

    [Fact]
    public async Task InstructionReward_TwoOfThree_ShareAndComponents()
    {
        var item = JsonDocument.Parse("""{"instruction_id_list":["punctuation:no_comma","startend:quotation","detectable_format:json_format"],"kwargs":[{},{},{}]}""").RootElement;
        var scores = await InstructionReward.ForIfEval(new()).ScoreAsync([new TextSample { Response = "\"all of it\"", Item = item }, new TextSample { Response = "Sure!\n\"a\"", Item = item }], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(1, scores[0]);          // a quoted text is JSON, too
        Assert.Equal(1.0 / 3, scores[1], 1e-12);
        Assert.Equal([1, 1.0 / 3], scores.Component("strict").ToArray());
        Assert.Equal([1.0, 1.0], scores.Component("loose").ToArray());
        Assert.Equal([1.0, 0.0], scores.Component("all").ToArray());
    }

    [Theory]
    [InlineData("""{"instruction_id_list":["punctuation:no_coma"],"kwargs":[{}]}""", "unknown instruction 'punctuation:no_coma'")]
    [InlineData("""{"instruction_id_list":["keywords:existence"],"kwargs":[{}]}""", "argument 'keywords' is missing")]
    [InlineData("""{"instruction_id_list":["keywords:existence"],"kwargs":[{"keywords":"a"}]}""", "a list of texts is needed")]
    [InlineData("""{"instruction_id_list":[],"kwargs":[]}""", "1 to 64 ids")]
    [InlineData("""{"x":1}""", "no instruction_id_list")]
    public async Task InstructionReward_BrokenItem_IsTheTasksFault(string item, string reason)
    {
        var scores = await InstructionReward.ForIfEval(new()).ScoreAsync([new TextSample { Response = "text", Item = JsonDocument.Parse(item).RootElement }], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(ScoreStatus.InvalidReference, scores.Status[0]);
        Assert.Contains(reason, scores.Reasons[0]);
    }

    [Fact]
    public async Task InstructionReward_FuzzedAnswersOnEveryKind_AreAlwaysScored()
    {
        foreach (var (kinds, reward) in new[] { (IfEval.Kinds, InstructionReward.ForIfEval(new())), (IfBench.Kinds, InstructionReward.ForIfBench(new())) })
        {
            foreach (var c in Cases.Where(c => kinds.ContainsKey(c.Data.Item1)))
            {
                var item = JsonDocument.Parse($$"""{"instruction_id_list":["{{c.Data.Item1}}"],"kwargs":[{{c.Data.Item2}}]}""").RootElement;
                await Fuzz.IsAlwaysScored(reward, new TextSample { Item = item }, correctness: false, count: 400, c.Data.Item3, c.Data.Item4);
            }
        }
    }

    private static string Csv(string header, int rows) => header + "\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i},a,b,2000,5\n"));

    private static string QuotedRows(int rows) => "\"StudentID\"\t\"Subject\"\t\"Grade\"\t\"Semester\"\t\"Score\"\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"\"{i}\"\t\"a\"\t\"b\"\t\"c\"\t\"d\"\n"));

    private static string Alphabet(int sentences) => string.Join(' ', Enumerable.Range(0, sentences).Select(i => $"{(char)('A' + i)}x went on."));

    private static string Countries(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i => i == 0 ? "Zimbabwe" : $"{(char)('Y' - (i / 3))}{(char)('z' - (i % 3))}"));

    private static string Questions(int growth) => string.Join("\n\n", Enumerable.Range(1, 4).Select(q => $"Question {q}: Who{string.Concat(Enumerable.Repeat(" else", q * growth))}?\nA) a\nB) b\nC) c\nD) d\nE) e"));
}
