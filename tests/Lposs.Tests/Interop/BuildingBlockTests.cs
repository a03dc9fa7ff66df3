using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>Each building block once on numbers that can be checked by hand: that the right call gets the right
/// buffers.</summary>
public sealed class BuildingBlockTests : IDisposable
{
    private readonly LpossContext _context = new(new LpossContextOptions { Threads = 1 });

    public void Dispose() => _context.Dispose();

    [Fact]
    public void The_context_says_what_it_is()
    {
        var info = _context.Info;

        Assert.Equal(LpossDevice.Cpu, info.Device);
        Assert.Equal(1, info.Threads);
        Assert.StartsWith("cpu ", info.Backend, StringComparison.Ordinal);
        Assert.NotEmpty(info.DeviceName);
        _context.Synchronize();
    }

    [Fact]
    public void Nearest_neighbours_come_best_first_and_ties_to_the_lower_index()
    {
        float[] similarities = new float[6];
        int[] indices = new int[6];

        _context.NearestNeighbours(
            new ReadOnlyTensorView<float>([1, 0, 0, 1, 1, 0], 3, 2),
            new TensorView<float>(similarities, 3, 2),
            new TensorView<int>(indices, 3, 2)
        );

        Assert.Equal([0, 2, 1, 0, 0, 2], indices);
        Assert.Equal([1, 1, 1, 0, 1, 1], similarities);
    }

    [Fact]
    public void Labels_may_be_of_three_types()
    {
        var scores = new ReadOnlyTensorView<float>([0, 2, 1, 3, 3, 0], 2, 3);
        byte[] bytes = new byte[2];
        ushort[] shorts = new ushort[2];
        int[] ints = new int[2];
        float[] confidence = new float[2];

        _context.ArgMax(scores, new TensorView<byte>(bytes, 2), new TensorView<float>(confidence, 2));
        _context.ArgMax(scores, new TensorView<ushort>(shorts, 2));
        _context.ArgMax(scores, new TensorView<int>(ints, 2));

        Assert.Equal([1, 0], bytes);
        Assert.Equal([1, 0], shorts);
        Assert.Equal([1, 0], ints);
        Assert.Equal([1f, 0f], confidence);
    }

    [Fact]
    public void Lab_of_bytes_is_lab_of_shares_of_one()
    {
        byte[] bytes = [255, 255, 255, 0, 0, 0, 255, 0, 0];
        float[] shares = [1, 1, 1, 0, 0, 0, 1, 0, 0];
        float[] fromBytes = new float[9],
            fromShares = new float[9];

        _context.RgbToLab(new ReadOnlyTensorView<byte>(bytes, 1, 3, 3), new TensorView<float>(fromBytes, 1, 3, 3));
        _context.RgbToLab(new ReadOnlyTensorView<float>(shares, 1, 3, 3), new TensorView<float>(fromShares, 1, 3, 3));

        Assert.Equal(fromShares, fromBytes);
        Assert.Equal(100, fromBytes[0], 1e-2);
        Assert.Equal(0, fromBytes[3], 1e-3);
        Assert.Equal(53.24, fromBytes[6], 1e-1);
    }

    [Fact]
    public void Bytes_are_resized_and_rounded_half_up()
    {
        byte[] output = new byte[4];

        _context.Resize(new ReadOnlyTensorView<byte>([0, 10], 1, 2, 1), new TensorView<byte>(output, 1, 4, 1));

        Assert.Equal([0, 3, 8, 10], output);
    }

    [Fact]
    public void Windows_are_cut_normalised_and_padded_with_zeros()
    {
        byte[] image = [.. Enumerable.Range(0, 2 * 3 * 3).Select(i => (byte)(10 * i))];
        float[] batch = new float[3 * 2 * 3];

        _context.CutWindows(
            new ReadOnlyTensorView<byte>(image, 2, 3, 3),
            [new Window(0, 2, 1, 3)],
            [0.5f, 0, 0],
            [0.5f, 1, 1],
            new TensorView<float>(batch, 1, 3, 2, 3)
        );

        Assert.Equal(((30 / 255f) - 0.5f) / 0.5f, batch[0], 1e-6);
        Assert.Equal(70 / 255f, batch[6 + 1], 1e-6);
        Assert.Equal([0, 0, 0, 0, 0, 0], [batch[2], batch[5], batch[8], batch[11], batch[14], batch[17]]);
    }

    [Fact]
    public void Mean_and_std_must_have_three_numbers() =>
        Assert.Throws<ArgumentException>(() =>
            _context.CutWindows(
                new ReadOnlyTensorView<byte>(new byte[3], 1, 1, 3),
                [new Window(0, 1, 0, 1)],
                [0, 0],
                [1, 1, 1],
                new TensorView<float>(new float[3], 1, 3, 1, 1)
            )
        );

    [Fact]
    public void Both_kinds_of_image_give_the_same_graph()
    {
        byte[] bytes = new byte[8 * 9 * 3];
        new Random(1).NextBytes(bytes);
        float[] shares = [.. bytes.Select(b => b / 255f)];
        using var fromBytes = LpossGraph.FromImage(_context, new ReadOnlyTensorView<byte>(bytes, 8, 9, 3));
        using var fromShares = LpossGraph.FromImage(_context, new ReadOnlyTensorView<float>(shares, 8, 9, 3));
        float[] y = [.. Enumerable.Range(0, 72).Select(i => i % 5f)],
            first = new float[72],
            second = new float[72];

        _context.Propagate(fromBytes, new ReadOnlyTensorView<float>(y, 72, 1), new TensorView<float>(first, 72, 1));
        _context.Propagate(fromShares, new ReadOnlyTensorView<float>(y, 72, 1), new TensorView<float>(second, 72, 1));

        Assert.Equal(72, fromBytes.NodeCount);
        Assert.Equal(fromBytes.EdgeCount, fromShares.EdgeCount);
        for (int i = 0; i < 72; i++)
            Assert.Equal(first[i], second[i], 1e-4f * Math.Abs(first[i]) + 1e-6f);
    }

    [Fact]
    public void Windows_of_no_image_are_refused() =>
        Assert.Contains(
            "height",
            Failing.With(LpossErrorCode.InvalidArgument, () => Windows.Create(0, 10, 224, 112)).Message,
            StringComparison.Ordinal
        );
}
