using Lposs.Tests.Support;
using Lposs.Tools.Import.Weights;
using Xunit;

namespace Lposs.Tools.Tests.Import.Weights;

public sealed class WeightSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Save(string name, params (string Name, long[] Shape, float[] Values)[] tensors) =>
        _folder.Save(name, SafetensorsBuilder.Floats(tensors));

    [Fact]
    public void Tensors_are_taken_by_name_and_shape_from_any_of_the_files()
    {
        using var weights = WeightSet.Open(
            Save("1", ("a", [2, 1], [1, 2])),
            Save("2", ("b", [1], [3]), ("position_ids", [1], [0]))
        );
        Assert.Equal([1f, 2], weights.Take("a", 2, 1));
        Assert.Equal([3f], weights.Take("b", 1));
        Assert.Equal([2L, 1], weights.ShapeOf("a", 2));
        Assert.Contains(
            "has tensor 'position_ids', which a test does not have",
            Failing.With(LpossErrorCode.InvalidWeights, () => weights.RejectUnknown("a test")).Message,
            StringComparison.Ordinal
        );
        weights.Ignore(name => name == "position_ids");
        weights.RejectUnknown("a test");
    }

    [Fact]
    public void Numbers_can_be_read_later_and_in_parts()
    {
        using var weights = WeightSet.Open(
            Save("w", ("a", [2, 2], [1, 2, 3, 4]), ("b", [2], [5, float.PositiveInfinity]), ("e", [0], []))
        );
        Assert.Equal([3f, 4], weights.DeferPart("a", 2, 2, 2, 2).Read());
        Assert.Equal(
            [2f, 4, 6, 8],
            weights.Defer("a", 2, 2).Then(values => [.. values.Select(value => 2 * value)]).Read()
        );
        Assert.Empty(weights.Defer("e", 0).Read());
        Assert.Equal([5f], weights.DeferPart("b", 0, 1, 2).Read());
        var broken = weights.Defer("b", 2); // its name and shape are right
        Assert.Contains(
            "in tensor 'b'; weights must be finite",
            Failing.With(LpossErrorCode.InvalidWeights, () => broken.Read()).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.DeferPart("a", 3, 2, 2, 2));
        weights.RejectUnknown("a test");
    }

    [Fact]
    public void What_is_missing_or_differs_is_named()
    {
        using var weights = WeightSet.Open(Save("w", ("a", [2], [1, float.NaN]), ("b", [1], [3])));
        Assert.Contains(
            "has no tensor 'c'",
            Failing.With(LpossErrorCode.InvalidWeights, () => weights.Take("c", 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "tensor 'b' as 1; this model needs 2 x 3",
            Failing.With(LpossErrorCode.InvalidWeights, () => weights.Take("b", 2, 3)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has NaN in tensor 'a'",
            Failing.With(LpossErrorCode.InvalidWeights, () => weights.Take("a", 2)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "must have 2 dimensions",
            Failing.With(LpossErrorCode.InvalidWeights, () => weights.ShapeOf("a", 2)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_files_with_one_tensor_are_refused() =>
        Assert.Contains(
            "both have a tensor 'a'",
            Failing
                .With(
                    LpossErrorCode.InvalidWeights,
                    () => WeightSet.Open(Save("1", ("a", [1], [1])), Save("2", ("a", [1], [1])))
                )
                .Message,
            StringComparison.Ordinal
        );
}
