using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Structure;

public class JsonSchemaCheckTests
{
    private static DataValue Json(string text)
    {
        var work = new Work(1_000_000);
        return DataReader.Read(text, ref work) ?? throw new ArgumentException(text);
    }

    // Schema, a valid value, an invalid one, and the place and keyword of the error. By hand from the text of draft 2020-12.
    [Theory]
    [InlineData("""{"type":"integer"}""", "3.0", "3.5", "$", "type")]
    [InlineData("""{"type":["null","string"]}""", "null", "1", "$", "type")]
    [InlineData("""{"enum":[1,"a",{"b":2}]}""", "{\"b\":2.0}", "{\"b\":3}", "$", "enum")]
    [InlineData("""{"const":[1]}""", "[1]", "[1,1]", "$", "const")]
    [InlineData("""{"minimum":2,"exclusiveMaximum":5}""", "2", "5", "$", "exclusiveMaximum")]
    [InlineData("""{"multipleOf":0.1}""", "0.3", "0.35", "$", "multipleOf")]
    [InlineData("""{"minLength":2,"maxLength":3}""", "\"😀é\"", "\"abcd\"", "$", "maxLength")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aaa\"", "\"aab\"", "$", "pattern")]
    [InlineData("""{"required":["a"],"properties":{"a":{"type":"string"}}}""", """{"a":"x","b":1}""", """{"b":1}""", "$.a", "required")]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"type":"number"}}}}}""", """{"a":{"b":1}}""", """{"a":{"b":"1"}}""", "$.a.b", "type")]
    [InlineData("""{"properties":{"a":true},"patternProperties":{"^x-":{}},"additionalProperties":false}""", """{"a":1,"x-b":2}""", """{"c":1}""", "$.c", "false")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"ab":1}""", """{"abc":1}""", "$.abc", "maxLength")]
    [InlineData("""{"minProperties":1,"maxProperties":2}""", """{"a":1}""", "{}", "$", "minProperties")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"b":1}""", """{"a":1}""", "$.b", "dependentRequired")]
    [InlineData("""{"dependentSchemas":{"a":{"minProperties":2}}}""", """{"b":1}""", """{"a":1}""", "$", "minProperties")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}""", "[\"a\",1]", "[\"a\",\"b\"]", "$[1]", "type")]
    [InlineData("""{"contains":{"const":1},"minContains":2,"maxContains":3}""", "[1,0,1]", "[1,0]", "$", "contains")]
    [InlineData("""{"minItems":1,"maxItems":2,"uniqueItems":true}""", "[1,2]", "[1,1.0]", "$[1]", "uniqueItems")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "2", "3", "$", "maximum")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "\"a\"", "3", "$", "anyOf")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":3}]}""", "2", "4", "$", "oneOf")]
    [InlineData("""{"not":{"type":"string"}}""", "1", "\"a\"", "$", "not")]
    [InlineData("""{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":2}}""", "20", "25", "$", "multipleOf")]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"required":["v"]}},"$ref":"#/$defs/n"}""", """{"v":1,"next":{"v":2}}""", """{"v":1,"next":{"w":{}}}""", "$.next.v", "required")]
    [InlineData("""{"minimum":2}""", "2", "1.9", "$", "minimum")]
    [InlineData("""{"exclusiveMinimum":2}""", "2.1", "2", "$", "exclusiveMinimum")]
    [InlineData("""{"maximum":2}""", "2", "2.1", "$", "maximum")]
    [InlineData("""{"multipleOf":3}""", "0", "4", "$", "multipleOf")]
    [InlineData("""{"multipleOf":3}""", "-6", "-7", "$", "multipleOf")]
    [InlineData("""{"minLength":2}""", "\"ab\"", "\"😀\"", "$", "minLength")]
    [InlineData("""{"maxLength":2}""", "\"ab\"", "\"abc\"", "$", "maxLength")]
    [InlineData("""{"minItems":2}""", "[1,2]", "[1]", "$", "minItems")]
    [InlineData("""{"maxItems":2}""", "[1,2]", "[1,2,3]", "$", "maxItems")]
    [InlineData("""{"uniqueItems":true}""", "[1,[1],\"1\"]", "[[],1,[]]", "$[2]", "uniqueItems")]
    [InlineData("""{"contains":{"const":1}}""", "[0,1]", "[0,2]", "$", "contains")]
    [InlineData("""{"contains":{"const":1},"maxContains":1}""", "[0,1]", "[1,1]", "$", "contains")]
    [InlineData("""{"minProperties":2}""", """{"a":1,"b":2}""", """{"a":1}""", "$", "minProperties")]
    [InlineData("""{"maxProperties":1}""", """{"a":1}""", """{"a":1,"b":2}""", "$", "maxProperties")]
    [InlineData("""{"patternProperties":{"^x":{"type":"null"}}}""", """{"a":1,"x":null}""", """{"xa":1}""", "$.xa", "type")]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"number"}]}""", "[\"a\",1,null]", "[\"a\",\"b\"]", "$[1]", "type")]
    [InlineData("""{"items":{"type":"null"}}""", "[null,null]", "[0]", "$[0]", "type")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":3}]}""", "1", "0", "$", "oneOf")]
    [InlineData("""{"type":["boolean","object"]}""", "true", "[]", "$", "type")]
    [InlineData("""{"type":"integer"}""", "1e3", "\"1\"", "$", "type")]
    [InlineData("""{"prefixItems":[true,{"const":1}],"items":{"$ref":"#/prefixItems/1"}}""", "[0,1,1]", "[0,1,2]", "$[2]", "const")]
    [InlineData("""{"$defs":{"a/b":{"const":1},"c~d":{"const":2}},"properties":{"x":{"$ref":"#/$defs/a~1b"},"y":{"$ref":"#/$defs/c~0d"}}}""", """{"x":1,"y":2}""", """{"x":1,"y":1}""", "$.y", "const")]
    public void FirstError_Keyword_ValidAndInvalid(string schema, string valid, string invalid, string path, string keyword)
    {
        var check = JsonSchemaCheck.Read(Json(schema), out var problem);
        var work = new Work(100_000);

        Assert.Null(problem);
        Assert.Null(check!.FirstError(Json(valid), ref work));
        Assert.Equal(new DataDifference(path, keyword), check.FirstError(Json(invalid), ref work));
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""", "the keyword 'unevaluatedProperties' is not supported")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "points to nothing in this document")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "points to nothing in this document")]
    [InlineData("""{"type":"float"}""", "'float' is no type")]
    [InlineData("""{"pattern":"(a)\\1"}""", "cannot be used in linear time")]
    [InlineData("""{"properties":{"a":{"maximum":"3"}}}""", "#/properties/a/maximum: a number is needed")]
    [InlineData("3", "a schema is an object or a boolean")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf: a number above 0 is needed")]
    [InlineData("""{"properties":[]}""", "#/properties: an object is needed")]
    [InlineData("""{"allOf":[]}""", "#/allOf: a list of schemas is needed")]
    [InlineData("""{"anyOf":{}}""", "#/anyOf: a list of schemas is needed")]
    [InlineData("""{"type":3}""", "is no type")]
    [InlineData("""{"type":["null",3]}""", "is no type")]
    [InlineData("""{"enum":1}""", "#/enum: a list is needed")]
    [InlineData("""{"required":"a"}""", "#/required: a list of names is needed")]
    [InlineData("""{"required":["a",1]}""", "#/required: a list of names is needed")]
    [InlineData("""{"dependentRequired":{"a":1}}""", "#/dependentRequired: lists of names are needed")]
    [InlineData("""{"patternProperties":{"(?=a)":true}}""", "cannot be used in linear time")]
    [InlineData("""{"allOf":[true,{"items":{"nope":1}}]}""", "#/allOf/1/items: the keyword 'nope' is not supported")]
    [InlineData("""{"$ref":"#a"}""", "points to nothing in this document")]
    [InlineData("""{"allOf":[true],"$ref":"#/allOf/1"}""", "points to nothing in this document")]
    [InlineData("""{"allOf":[true],"$ref":"#/allOf/-1"}""", "points to nothing in this document")]
    public void Read_WhatCannotBeChecked_IsRefusedWithItsPlace(string schema, string problem)
    {
        Assert.Null(JsonSchemaCheck.Read(Json(schema), out var found));
        Assert.Contains(problem, found);
    }

    // Each keyword and each reference takes a level of 128; a value nested so deep is the last that does not reach the level after it.
    [Theory]
    [InlineData("""{"properties":{"a":{"$ref":"#"}}}""", 64)]
    [InlineData("""{"patternProperties":{"a":{"$ref":"#"}}}""", 64)]
    [InlineData("""{"additionalProperties":{"$ref":"#"}}""", 64)]
    [InlineData("""{"dependentSchemas":{"a":{"properties":{"a":{"$ref":"#"}}}}}""", 42)]
    [InlineData("""{"items":{"$ref":"#"}}""", 64)]
    [InlineData("""{"prefixItems":[{"$ref":"#"}]}""", 64)]
    [InlineData("""{"anyOf":[{"type":"number"},{"contains":{"$ref":"#"}}]}""", 42)]
    [InlineData("""{"properties":{"a":{"allOf":[{"$ref":"#"}]}}}""", 42)]
    [InlineData("""{"properties":{"a":{"oneOf":[{"$ref":"#"}]}}}""", 42)]
    [InlineData("""{"properties":{"a":{"if":{"$ref":"#"},"else":false}}}""", 42)]
    [InlineData("""{"properties":{"a":{"if":true,"then":{"$ref":"#"}}}}""", 42)]
    [InlineData("""{"properties":{"a":{"not":{"not":{"$ref":"#"}}}}}""", 32)]
    public void FirstError_SchemaThatHoldsItself_EndsAfterSoManyLevels(string schema, int most)
    {
        bool list = schema.Contains("tems", StringComparison.Ordinal) || schema.Contains("contains", StringComparison.Ordinal);
        var check = JsonSchemaCheck.Read(Json(schema), out _)!;
        var work = new Work(100_000);
        DataValue Nested(int levels) => levels == 0 ? DataValue.Of(1) : list ? DataValue.Of([Nested(levels - 1)]) : DataValue.Of(new Dictionary<string, DataValue> { ["a"] = Nested(levels - 1) });

        Assert.Null(check.FirstError(Nested(most), ref work));
        Assert.NotNull(check.FirstError(Nested(most + 1), ref work));
    }

    [Fact]
    public void Read_SchemaNestedToTheLimit_IsReadAndPastItRefused()
    {
        DataValue Nested(int levels) => levels == 0 ? DataValue.Of(true) : DataValue.Of(new Dictionary<string, DataValue> { ["not"] = Nested(levels - 1) });

        Assert.NotNull(JsonSchemaCheck.Read(Nested(128), out _));
        Assert.Null(JsonSchemaCheck.Read(Nested(129), out var problem));
        Assert.Contains("nested deeper than 128", problem);
    }

    [Fact]
    public void FirstError_SchemaThatBranchesWithoutEnd_RunsOutOfWork()
    {
        var check = JsonSchemaCheck.Read(Json("""{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}"""), out _)!;

        Assert.Throws<WorkExceededException>(() =>
        {
            var work = new Work(100_000);
            check.FirstError(Json("1"), ref work);
        });
    }

    [Fact]
    public async Task JsonSchemaReward_Hacks_DoNotPay()
    {
        const string schema = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0}},"required":["name","age"],"additionalProperties":false}""";
        var reward = new JsonSchemaReward(new JsonSchemaOptions { Schema = schema });
        string[] answers = ["""The person: {"name":"Ada","age":36}""", "", "{}", schema, """{"name":"Ada","age":36,"note":"and everything else"}""", """{"name":"Ada","age":"36"}"""];

        var scores = await reward.ScoreAsync([.. answers.Select(a => TextSample.Of(a))], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal([1, 0, 0, 0, 0, 0], scores.Values.ToArray());
        Assert.Equal("unparsed", scores.Reasons[1]);
        Assert.Empty(new JsonSchemaOptions { Schema = schema }.Problems());
        Assert.Contains("not supported", Assert.Single(new JsonSchemaOptions { Schema = """{"nope":1}""" }.Problems()));
        await Fuzz.IsAlwaysScored(reward, TextSample.Of(""), correctness: true, 10_000, """{"name":"Ada","age":-3}""", "{\"name\":");
    }
}
