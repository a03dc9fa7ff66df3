using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Bundles;

/// <summary>A bundle's self-test tells encoders that compute something else from those that do not.</summary>
public sealed class ModelSelfTestTests
{
    [Fact]
    public void What_was_recorded_holds_where_it_was_recorded()
    {
        var outcomes = ModelSelfTest.Run(ModelBundle.OpenDefault());
        Assert.Equal(["vlm", "vm", "text"], outcomes.Select(outcome => outcome.Output));
        Assert.All(outcomes, outcome => Assert.True(outcome.Holds, outcome.ToString()));
    }

    [Fact]
    public void The_output_that_differs_is_told()
    {
        using var folder = new TestBundle();
        folder.Edit(manifest =>
        {
            manifest["vlm"]!["mean"] = new JsonArray(0.5f, 0.4f, 0.4f);
            manifest["vm"]!["mean"] = new JsonArray(0.5f, 0.4f, 0.4f);
        });
        Assert.Equal(
            [false, false, true],
            ModelSelfTest.Run(ModelBundle.Open(folder.Folder)).Select(outcome => outcome.Holds)
        );
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{\"schema\":2}", "schema is 2; this version reads 1.")]
    [InlineData(
        "{\"schema\":1,\"rows\":3,\"columns\":2,\"prompts\":[\"sky\"],"
            + "\"vlm\":{\"shape\":[1,1,1,2],\"values\":\"AAAA\"}}",
        "vlm.values has 3 bytes; the shape 1 x 1 x 1 x 2 needs 8."
    )]
    [InlineData(
        "{\"schema\":1,\"rows\":3,\"columns\":2,\"prompts\":[\"sky\"],\"vlm\":{\"shape\":[1,1,1,2],\"values\":\"*\"}}",
        "vlm.values is no base64"
    )]
    [InlineData(
        "{\"schema\":1,\"rows\":3,\"columns\":2,\"prompts\":[\"sky\"],"
            + "\"vlm\":{\"shape\":[65536,65536,65536,65536],\"values\":\"AAAA\"}}",
        "needs 73786976294838206464"
    )]
    public void A_file_that_is_wrong_is_one_sentence(string json, string fragment)
    {
        using var folder = new TestBundle();
        folder.Put(SelfTest.FileName, System.Text.Encoding.UTF8.GetBytes(json));
        string message = Failing
            .With(LpossErrorCode.InvalidBundle, () => ModelSelfTest.Run(ModelBundle.Open(folder.Folder)))
            .Message;
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        Assert.Contains(SelfTest.FileName, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_test_of_another_model_is_refused()
    {
        using var folder = new TestBundle();
        var test = JsonNode.Parse(File.ReadAllText(folder.PathOf(SelfTest.FileName)))!.AsObject();
        test["text"] = new JsonObject
        {
            ["shape"] = new JsonArray(1, 1),
            ["values"] = Convert.ToBase64String(new byte[4]),
        };
        folder.Put(SelfTest.FileName, System.Text.Encoding.UTF8.GetBytes(test.ToJsonString()));
        string message = Failing
            .With(LpossErrorCode.InvalidBundle, () => ModelSelfTest.Run(ModelBundle.Open(folder.Folder)))
            .Message;
        Assert.Contains(
            "the encoder text gives 2 x 64 numbers, and its self-test has 1 x 1.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_manifest_must_list_it()
    {
        using var folder = new TestBundle();
        folder.Edit(manifest => manifest["self_test"] = "other.json");
        Assert.Equal("model.json: self_test is 'other.json', which files does not list.", folder.Refusal());
    }
}
