// dotnet run --project bench/Meed.Benchmarks -- --filter '*Gemm*'
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Meed.Benchmarks.GemmBenchmark).Assembly).Run(args);
