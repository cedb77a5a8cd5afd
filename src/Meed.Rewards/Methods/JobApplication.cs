using Meed.Rewards.Structure;

namespace Meed.Rewards.Methods;

/// <summary>Weighted criteria for judging a job application, with small bounded penalties.</summary>
/// <remarks>
/// r = Σ_k w_k·match_k − penalty, with criteria skills 0.2, experience 0.2, education 0.1, decision 0.5 (weights to confirm in the paper). A match is 1 for an equal verdict. Penalty: 0.1 for each criterion that is missing or not one of the
/// allowed verdicts, at most 0.3: the work reports that large penalties made the policy reject everybody. Range −0.3..1.
/// <para>Reference and answer: <c>{"skills":..,"experience":..,"education":..,"decision":..}</c>. "A Mathematical Framework for Custom Reward Functions in Job Application Evaluation using Reinforcement Learning", 2025 (row 107).</para>
/// </remarks>
public static class JobApplication
{
    private const double Missing = 0.1, MostPenalty = 0.3;
    private static readonly (string Name, double Weight)[] s_criteria = [("skills", 0.2), ("experience", 0.2), ("education", 0.1), ("decision", 0.5)];

    /// <summary>The reward <c>job-application</c>.</summary>
    public static IReward<TextSample> Reward() => new MethodReward("job-application", -MostPenalty, 1, [.. s_criteria.Select(c => c.Name), "penalty"], Check);

    private static MethodScore Check(TextSample sample, DataValue reference, ref Work work)
    {
        var answer = DataAnswer.Find(sample.Response, whole: false, ref work);
        var parts = new double[s_criteria.Length + 1];
        double sum = 0;
        int missing = 0;
        for (int i = 0; i < s_criteria.Length; i++)
        {
            var gold = Gold.Text(Gold.Field(reference, s_criteria[i].Name), s_criteria[i].Name);
            var own = answer?.Field(s_criteria[i].Name);
            missing += own is { Kind: DataKind.Text or DataKind.Number } ? 0 : 1;
            parts[i] = own is { Kind: DataKind.Text or DataKind.Number } ? Answers.Same(own.Text, gold) : 0;
            sum += s_criteria[i].Weight * parts[i];
        }

        parts[^1] = Math.Min(MostPenalty, Missing * missing);
        return new MethodScore(sum - parts[^1], parts) { Reason = answer is null ? "unparsed" : null };
    }
}
