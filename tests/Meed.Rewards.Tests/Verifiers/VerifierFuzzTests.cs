using System.Text.Json;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Tests.Verifiers;

/// <summary>10,000 hostile answers for each verifier: always Ok, and never above the minimum where it judges correctness.</summary>
public class VerifierFuzzTests
{
    public static TheoryData<string> Names() => ["exact-match", "exact-match/list", "multiple-choice", "numeric-answer", "regex", "regex/group", "tags", "tags/partial", "length", "length/words", "keywords", "keywords/share", "tree"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_FuzzedAnswers_AlwaysOkNeverPaid(string name)
    {
        // References and options are such that no text the fuzz can write is right.
        var text = TextSample.Of("", "a long reference that nobody writes");
        (IReward<TextSample> reward, TextSample pattern, bool correctness) = name switch
        {
            "exact-match" => (new ExactMatch(new()), text, true),
            "exact-match/list" => (new ExactMatch(new() { DropArticles = true, Punctuation = PunctuationRule.Drop }), text with { Reference = JsonSerializer.SerializeToElement(new[] { "nobody writes this", "nor that" }), ReferenceText = null }, true),
            "multiple-choice" => (new MultipleChoice(new() { Choices = 26 }), TextSample.Of("", "Q"), true),
            "numeric-answer" => (new NumericAnswer(new()), TextSample.Of("", "777.13579"), true),
            "regex" => (new RegexMatch(new() { Pattern = "(word|The)+ nobody$" }), text, true),
            "regex/group" => (new RegexMatch(new() { Pattern = "(w.*d)", CompareGroup = true }), text, true),
            "tags" => (new Tags(new() { Names = ["think", "answer", "proof"] }), text, true),
            "tags/partial" => (new Tags(new() { Partial = true }), text, false),
            "length" => (new LengthBand(new() { Min = 5, Max = 20, Soft = 3 }), text, false),
            "length/words" => (new LengthBand(new() { Max = 3, Unit = LengthUnit.Words }), text, false),
            "keywords" => (new Keywords(new() { Words = ["nobody", "word"] }), text, true),
            "keywords/share" => (new Keywords(new() { Words = ["The", "word"], Rule = KeywordRule.Share }), text, false),
            _ => (Rewards.Documents.RewardDocuments.Parse("""{ "gate": { "if": { "tags": { "outside": true } }, "then": { "sum": [ { "numeric-answer": {} }, { "length": { "max": 50 }, "weight": 0.1 } ] }, "closed": -1 } }""", Catalog.TextRewards()).Reward, TextSample.Of("", "777.13579"), false),
        };

        await Fuzz.IsAlwaysScored(reward, pattern, correctness, 10_000, "The answer is ", "<think>a</think><answer>b</answer>", "\\boxed{", "#### 12", "(A)", "word The");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_Registry_HasThem(string name)
    {
        if (name != "tree")
        {
            Assert.NotNull(Catalog.TextRewards().Find(name.Split('/')[0]));
        }
    }
}
