using Meed.Rewards.Text;
using Meed.Rewards.Verifiers;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>OpenAI's <c>text_similarity</c>: how close a text is to a reference by one of eleven metrics, from 0 to 1.</summary>
/// <remarks>
/// The metrics are those of this package under OpenAI's names: <see cref="Bleu"/> with exponential smoothing and <see cref="Gleu"/> on <see cref="Tokenization13a"/>, <see cref="Meteor"/> with stems,
/// <see cref="Rouge"/> F1 without stems, <see cref="FuzzyMatch"/>, and the cosine of mean word vectors. The service takes the cosine of a learned embedding; here it is <see cref="HashedEmbedding"/>,
/// which knows spellings and no meanings, unless the registry supplies an <see cref="ITokenEmbedding"/>.
/// <para>With <c>pass_threshold</c> the component <c>passed</c> is 1 where the value reaches it. Source: OpenAI's guide to graders.</para>
/// </remarks>
public sealed class TextSimilarity(string name, string metric, Template input, Template reference, double? passThreshold, ITokenEmbedding embedding) : TextVerifier
{
    /// <summary>The metrics.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["cosine", "fuzzy_match", "bleu", "gleu", "meteor", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l"];

    /// <inheritdoc/>
    public override RewardSchema Schema { get; } = new(name, "1", passThreshold is null ? [] : ["passed"], 0, 1, RewardScope.Sample, true);

    /// <summary>The value of a metric.</summary>
    public static double Value(string metric, string text, string reference, ITokenEmbedding embedding, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(reference);
        work.Charge(4L * (text.Length + (long)reference.Length) + 1);
        double value = metric switch
        {
            "cosine" => EmbeddingSimilarity.OfMeans(Words.Answer(text), Words.Answer(reference), embedding, ref work),
            "fuzzy_match" => FuzzyMatch.Ratio(text, reference, ref work),
            "bleu" => Bleu.Sentence(Tokenization13a.Tokenize(text), [Tokenization13a.Tokenize(reference)], BleuSmoothing.Exponential, ref work, 4, true),
            "gleu" => Gleu.Sentence(Tokenization13a.Tokenize(text), [Tokenization13a.Tokenize(reference)], ref work),
            "meteor" => Meteor.Sentence(Words.Runs(text), [Words.Runs(reference)], true, ref work),
            "rouge_l" => Rouge.L(Rouge.Tokenize(text), Rouge.Tokenize(reference), ref work).F1,
            _ => Rouge.N(Rouge.Tokenize(text), Rouge.Tokenize(reference), metric[^1] - '0', ref work).F1,
        };
        return Math.Clamp(value, 0, 1);
    }

    /// <inheritdoc/>
    protected override void Check(TextSample sample, ref Work work, ref ScoreRow row)
    {
        var scope = new TemplateScope(sample);
        string text = input.Fill(scope, ref work, out var fault, out var reason);
        if (GraderFaults.Stops(fault, reason, ref row))
        {
            return;
        }

        string against = reference.Fill(scope, ref work, out fault, out reason);
        if (GraderFaults.Stops(fault, reason, ref row))
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(against))
        {
            GraderFaults.Stops(reference.UsesSample ? TemplateFault.Sample : TemplateFault.Item, "empty reference", ref row);
            return;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            GraderFaults.Stops(input.UsesSample ? TemplateFault.Sample : TemplateFault.Item, "empty", ref row);
            return;
        }

        double value = Value(metric, text, against, embedding, ref work);
        row.Set(value);
        if (passThreshold is { } threshold)
        {
            row.Component(0, value >= threshold ? 1 : 0);
        }
    }
}
