using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Citation-aware rubric: a right answer earns more when the chain of facts to it is named, cited and connected.</summary>
/// <remarks>
/// r = 0 when the answer is wrong, otherwise (1 − a) + a·rubric, a = 0.3 (the released scripts). Rubric = share of the single-hop facts whose entities are all named in the response, of which at least one supporting page is cited, and which
/// hang together with the answer by shared entities through facts that pass as well (<see cref="EvidenceChain"/>). Citing pages that support no fact costs their share: the rubric is multiplied by the precision of the cited pages.
/// <para>The precision factor is ours; without it citing every page would satisfy the second condition. Reference: <c>{"answer":..,"facts":[{"entities":[..],"pages":[..]},..]}</c>; citations are <c>[n]</c>.
/// "Chaining the Evidence: Robust Reinforcement Learning for Deep Search Agents with Citation-Aware Rubric Rewards", 2026 (row 253).</para>
/// </remarks>
public static class CitationRubric
{
    private const double Share = 0.3;

    /// <summary>The reward <c>citation-rubric</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("citation-rubric", 0, 1, ["accuracy", "rubric", "precision"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var gold = Gold.Text(Gold.Field(reference, "answer"), "answer");
        var facts = Gold.Field(reference, "facts").Items;
        if (facts.Count == 0)
        {
            throw new GoldException("'facts' is empty");
        }

        double accuracy = Answers.Same(Answers.Only(sample.Response), gold);
        var cited = Citations.Read(sample.Response).ToHashSet();
        var entities = facts.Select(f => Gold.Texts(Gold.Field(f, "entities"), "entities")).ToList();
        var pages = facts.Select(f => Gold.Field(f, "pages").Items.Select(p => (int)Gold.Number(p, "pages")).ToHashSet()).ToList();
        work.Charge((long)sample.Response.Length * (1 + entities.Sum(e => e.Count)));
        bool[] passes = [.. facts.Select((_, i) => entities[i].All(e => sample.Response.Contains(e, StringComparison.OrdinalIgnoreCase)) && pages[i].Overlaps(cited))];
        var connected = EvidenceChain.Connected(entities, gold, passes, ref work);
        double precision = cited.Count == 0 ? 0 : (double)cited.Count(c => pages.Exists(p => p.Contains(c))) / cited.Count;
        double rubric = precision * connected.Count(c => c) / facts.Count;
        return new MethodScore(accuracy * (1 - Share + (Share * rubric)), accuracy, rubric, precision);
    }
}
