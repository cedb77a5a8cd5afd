using System.Text.Json;
using Meed.Rewards.Caching;
using Meed.Rewards.Combinators;
using Meed.Rewards.Documents;
using Meed.Rewards.Files;

namespace Meed.Rewards.Tests.Caching;

public sealed class ScoreStoreTests : IDisposable
{
    private const string Tree = """{"sum": [{"math": {}}, {"repetition": {}, "weight": 0.3}, {"route": {"by": "item.kind", "cases": {"a": "numeric-answer"}, "else": {"length": {"max": 9}}}, "weight": 0.1}]}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-cache-").FullName;

    private string CachePath => Path.Combine(_folder, "scores.cache");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RewardDocument<TextSample> Document(string json) => RewardDocuments.Parse(json, Catalog.TextRewards());

    private static TextSample[] Samples(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => TextSample.Of(i % 7 == 0 ? "" : $"so so so {i % 13} is \\boxed{{{i % 5}}}", i % 11 == 0 ? null : $"{i % 3}", $"p{i % 4}") with
        {
            Item = JsonSerializer.SerializeToElement(new { kind = i % 2 == 0 ? "a" : "b" }),
        }),
    ];

    private static void AssertSame(Scores expected, Scores actual)
    {
        Assert.Equal(expected.Status.ToArray(), actual.Status.ToArray());
        Assert.Equal(expected.Values.ToArray().Select(BitConverter.DoubleToInt64Bits), actual.Values.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(expected.Work.ToArray(), actual.Work.ToArray());
        Assert.Equal(expected.Reasons.ToArray(), actual.Reasons.ToArray());
        for (int c = 0; c < expected.Schema.Components.Count; c++)
        {
            Assert.Equal(expected.Component(c).ToArray().Select(BitConverter.DoubleToInt64Bits), actual.Component(c).ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public async Task Cache_FromMemoryAndFromTheFile_GivesTheSameBitsAsScoring()
    {
        var document = Document(Tree);
        var samples = Samples(200);
        var plain = await document.Reward.ScoreAsync(samples, RewardContext.Default);
        using (var store = ScoreStore.Open(CachePath))
        {
            var cache = new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash);
            AssertSame(plain, await cache.ScoreAsync(samples, RewardContext.Default));
            AssertSame(plain, await cache.ScoreAsync(samples, RewardContext.Default));
            Assert.True(cache.Hits >= 200, $"{cache.Hits} hits");
        }

        using (var store = ScoreStore.Open(CachePath))
        {
            var again = new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash);
            AssertSame(plain, await again.ScoreAsync(samples.Reverse().Reverse().ToArray(), RewardContext.Default));
            Assert.Equal(200, again.Hits);
            Assert.Null(store.Notice);
        }
    }

    [Fact]
    public async Task Cache_RewardThatNeverLooksAtTheItem_AnswersRowsThatDifferInNothingElse()
    {
        var document = Document("\"math\"");
        using var store = new ScoreStore();
        var cache = new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash);
        var sample = TextSample.Of("\\boxed{4}", "4");
        await cache.ScoreAsync([sample with { Item = JsonSerializer.SerializeToElement(1) }], RewardContext.Default);
        await cache.ScoreAsync([sample with { Item = JsonSerializer.SerializeToElement(2) }], RewardContext.Default);
        Assert.Equal(1, cache.Hits);
        await cache.ScoreAsync([sample with { Truncated = true }], RewardContext.Default);
        await cache.ScoreAsync([sample], RewardContext.Default with { WorkLimit = 5 });
        Assert.Equal(1, cache.Hits);
    }

    [Fact]
    public async Task Cache_RewardThatLooksAtTheItem_NeverMixesItems()
    {
        var document = Document("""{"route": {"by": "item.kind", "cases": {"a": "math"}, "else": {"length": {"max": 1}}}}""");
        using var store = new ScoreStore();
        var cache = new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash);
        TextSample With(string kind) => TextSample.Of("\\boxed{4}", "4") with { Item = JsonSerializer.SerializeToElement(new { kind }) };
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(1, (await cache.ScoreAsync([With("a")], RewardContext.Default)).Values[0]);
            Assert.Equal(0, (await cache.ScoreAsync([With("b")], RewardContext.Default)).Values[0]);
        }

        Assert.Equal(2, cache.Hits);
    }

    [Fact]
    public async Task Cache_AnotherDocumentOverTheSameStore_IsAskedItself()
    {
        using var store = new ScoreStore();
        var sample = TextSample.Of("it is 4", "4");
        foreach (string json in new[] { """{"length": {"max": 3}}""", """{"length": {"max": 30}}""" })
        {
            var document = Document(json);
            var cached = await new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash).ScoreAsync([sample], RewardContext.Default);
            AssertSame(await document.Reward.ScoreAsync([sample], RewardContext.Default), cached);
        }
    }

    [Fact]
    public async Task Open_FileCutAtAnyByte_KeepsWholeRecordsAndSaysWhatItCut()
    {
        var document = Document(Tree);
        var samples = Samples(6);
        using (var store = ScoreStore.Open(CachePath))
        {
            await new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash).ScoreAsync(samples, RewardContext.Default);
        }

        byte[] whole = await File.ReadAllBytesAsync(CachePath, TestContext.Current.CancellationToken);
        int previous = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(CachePath, whole[..length], TestContext.Current.CancellationToken);
            int count;
            using (var store = ScoreStore.Open(CachePath))
            {
                count = store.Count;
                Assert.InRange(count, previous, previous + 1);
                long left = new FileInfo(CachePath).Length;
                Assert.Equal(length >= 14 && left < length, store.Notice is not null);
                Assert.True(store.Notice is null || (store.Notice.Contains($"{length - left:#,0} bytes", StringComparison.Ordinal) && store.Notice.Contains($"{count} scores remain", StringComparison.Ordinal)));
            }

            using (var store = ScoreStore.Open(CachePath))
            {
                Assert.Equal((count, null), (store.Count, store.Notice));
            }

            previous = count;
        }

        Assert.InRange(previous, 6, 12);
    }

    [Fact]
    public async Task Open_ChangedByte_CutsFromThatRecordOnAndScoresStayRight()
    {
        var document = Document(Tree);
        var samples = Samples(40);
        var plain = await document.Reward.ScoreAsync(samples, RewardContext.Default);
        using (var store = ScoreStore.Open(CachePath))
        {
            await new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash).ScoreAsync(samples, RewardContext.Default);
        }

        byte[] whole = await File.ReadAllBytesAsync(CachePath, TestContext.Current.CancellationToken);
        var random = new Random(5);
        for (int i = 0; i < 60; i++)
        {
            var changed = whole.ToArray();
            changed[random.Next(14, whole.Length)] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(CachePath, changed, TestContext.Current.CancellationToken);
            using var store = ScoreStore.Open(CachePath);
            Assert.NotNull(store.Notice);
            AssertSame(plain, await new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash).ScoreAsync(samples, RewardContext.Default));
        }
    }

    [Fact]
    public void Open_WhatIsNoCacheOrIsInUse_ASentenceAndTheFileStays()
    {
        File.WriteAllText(CachePath, "my precious notes");
        Assert.Contains("is no cache of scores", Assert.Throws<ScoreStoreException>(() => ScoreStore.Open(CachePath)).Message);
        Assert.Equal("my precious notes", File.ReadAllText(CachePath));
        File.Delete(CachePath);
        using var first = ScoreStore.Open(CachePath);
        Assert.Contains("another process writes to it", Assert.Throws<ScoreStoreException>(() => ScoreStore.Open(CachePath)).Message);
        Assert.Contains("cannot be used", Assert.Throws<ScoreStoreException>(() => ScoreStore.Open(Path.Combine(_folder, "no", "such"))).Message);
        Assert.Contains("cannot be used", Assert.Throws<ScoreStoreException>(() => ScoreStore.Open(_folder)).Message);
    }

    [Fact]
    public async Task Store_MoreThanItsCapacity_StaysBoundedAndRight()
    {
        var document = Document("\"math\"");
        using var store = new ScoreStore(20);
        var cache = new Cache<TextSample>(document.Reward, TextTraits.Instance, store, document.Hash);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(1, (await cache.ScoreAsync([TextSample.Of($"\\boxed{{{i % 60}}}", $"{i % 60}")], RewardContext.Default)).Values[0]);
            Assert.InRange(store.Count, 1, 21);
        }
    }

    [Fact]
    public async Task FileScorer_WithAndWithoutACache_WritesTheSameBytes()
    {
        string input = Path.Combine(_folder, "in.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, 300).Select(i => $$"""{"id":{{i}},"kind":"{{"ab"[i % 2]}}","response":"it is {{i % 17}}","reference":"{{i % 3}}"}"""), TestContext.Current.CancellationToken);
        var document = Document(Tree);
        async Task<(byte[], long)> Run(ScoreStore? store, int threads)
        {
            string output = Path.Combine(_folder, "out.jsonl");
            var summary = await new FileScorer(document.Reward, new FileScorerOptions { Inputs = [input], Output = output, Threads = threads, DocumentHash = document.Hash, Cache = store }).RunAsync();
            return (await File.ReadAllBytesAsync(output), summary.FromCache);
        }

        var (plain, none) = await Run(null, 1);
        using var store = ScoreStore.Open(CachePath);
        Assert.Equal(plain, (await Run(store, 2)).Item1);
        var (cached, hits) = await Run(store, 2);
        Assert.Equal(plain, cached);
        Assert.Equal((0, 300), (none, hits));
    }
}
