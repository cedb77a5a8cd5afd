namespace Meed.Rewards.Structure;

/// <summary>Which facts hang together with an answer through the entities they share.</summary>
public static class EvidenceChain
{
    /// <summary>For each fact whether a chain of facts, each sharing an entity with the next, leads from the answer to it.</summary>
    /// <param name="facts">The entities of each fact, compared without case.</param>
    /// <param name="answer">The entity that the answer names.</param>
    /// <param name="usable">Facts that may be links; a fact that is not usable is neither reached nor passed through.</param>
    /// <param name="work">Charged for each entity of each fact.</param>
    public static bool[] Connected(IReadOnlyList<IReadOnlyList<string>> facts, string answer, IReadOnlyList<bool> usable, ref Work work)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(usable);
        var byEntity = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase);
        for (int f = 0; f < facts.Count; f++)
        {
            foreach (var entity in usable[f] ? facts[f] : [])
            {
                work.Charge(entity.Length + 1L);
                if (!byEntity.TryGetValue(entity, out var list))
                {
                    byEntity[entity] = list = [];
                }

                list.Add(f);
            }
        }

        var reached = new bool[facts.Count];
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { answer };
        var queue = new Queue<string>([answer]);
        while (queue.TryDequeue(out var entity))
        {
            foreach (int f in byEntity.GetValueOrDefault(entity) ?? [])
            {
                work.Charge(1);
                if (reached[f])
                {
                    continue;
                }

                reached[f] = true;
                foreach (var next in facts[f].Where(seen.Add)) { queue.Enqueue(next); }
            }
        }

        return reached;
    }
}
