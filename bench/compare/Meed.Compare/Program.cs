// Our side of every comparison: Meed.Compare <case> [--threads N] [--isa avx512|avx2|portable] [--seconds S] [case options]
// Writes one JSON line per measured item. bench/compare/run starts it and the peer in turn.
using Meed.Compare;
using Meed.Compare.Cases;
using Meed.Numerics.Kernels;

var cases = new Dictionary<string, Action<CaseOptions>>
{
    ["gemm"] = GemmCase.Ours,
    ["gemm-openblas"] = GemmCase.OpenBlas,
    ["rows"] = RowsCase.Run,
    ["mlp-step"] = TrainingCases.Mlp,
    ["gpt-step"] = TrainingCases.Gpt,
    ["sampling"] = SamplingCase.Run,
    ["bt-pairs"] = RewardModelCases.Pairs,
    ["bt-stream"] = RewardModelCases.Stream,
    ["linear-head"] = RewardModelCases.Linear,
    ["two-layer-head"] = RewardModelCases.TwoLayer,
    ["encoder-scoring"] = RewardModelCases.Encoder,
};

if (args.Length == 0 || !cases.TryGetValue(args[0], out Action<CaseOptions>? run))
{
    Console.Error.WriteLine($"Usage: Meed.Compare <case> [--threads N] [--isa name] [--seconds S]. Cases: {string.Join(", ", cases.Keys)}.");
    return 2;
}

CaseOptions options = CaseOptions.Parse(args.AsSpan(1));
Workers.Count = options.Threads;
using (options.Isa is Isa isa ? Cpu.Use(isa) : default)
{
    Output.Header(args[0], options);
    run(options);
}

return 0;
