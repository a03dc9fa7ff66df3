using System.Text;

namespace Lposs.Tools.Formats;

/// <summary>The pixels of one class in an image, as COCO counts them.</summary>
/// <param name="Id">The class's id.</param>
internal sealed record ClassRegion(int Id)
{
    private int _left = int.MaxValue,
        _top = int.MaxValue,
        _right,
        _bottom,
        _end;

    /// <summary>How many pixels there are.</summary>
    public int Area { get; private set; }

    /// <summary>The smallest box around them: left, top, width, height.</summary>
    public int[] Box => [_left, _top, _right - _left, _bottom - _top];

    /// <summary>Lengths of the runs outside and inside by turns, down the columns, the first outside (perhaps
    /// 0).</summary>
    public List<int> Counts { get; } = [];

    /// <summary>The classes that a label map holds, by id; one pass over it. What is without data is no
    /// class.</summary>
    public static IReadOnlyList<ClassRegion> Of(LabelMap labels)
    {
        var regions = new SortedDictionary<int, ClassRegion>();
        var values = labels.Labels.Span;
        int width = labels.Width,
            height = labels.Height,
            total = values.Length;
        for (int start = 0; start < total;)
        {
            ushort label = At(values, start, width, height);
            int end = start + 1;
            while (end < total && At(values, end, width, height) == label)
                end++;
            if (!regions.TryGetValue(label, out var region))
                regions[label] = region = new ClassRegion(label);
            region.Add(start, end, height);
            start = end;
        }
        if (labels.NoData is { } none)
            regions.Remove(none);
        foreach (var region in regions.Values)
            region.Finish(total);
        return [.. regions.Values];
    }

    private static ushort At(ReadOnlySpan<ushort> labels, int place, int width, int height)
    {
        var (x, y) = Math.DivRem(place, height);
        return labels[y * width + x];
    }

    private void Add(int start, int end, int height)
    {
        Counts.Add(start - _end);
        Counts.Add(end - start);
        _end = end;
        Area += end - start;
        var (left, top) = Math.DivRem(start, height);
        var (right, bottom) = Math.DivRem(end - 1, height);
        _left = Math.Min(_left, left);
        _right = Math.Max(_right, right + 1);
        // A run over more than one column touches both the top and the bottom.
        _top = Math.Min(_top, left == right ? top : 0);
        _bottom = Math.Max(_bottom, left == right ? bottom + 1 : height);
    }

    private void Finish(int total)
    {
        if (_end < total)
            Counts.Add(total - _end);
    }
}

/// <summary>
/// COCO's text of run lengths: each run, from the fourth on less the run two before it, in groups of five bits from the
/// lowest up; the sixth bit says that more follow, the sign is the fifth bit of the last; plus 48, as ASCII.
/// </summary>
internal static class RunLengthText
{
    public static string Of(IReadOnlyList<int> counts)
    {
        var text = new StringBuilder();
        for (int i = 0; i < counts.Count; i++)
        {
            int rest = i > 2 ? counts[i] - counts[i - 2] : counts[i];
            bool more;
            do
            {
                int group = rest & 31;
                rest >>= 5;
                more = (group & 16) != 0 ? rest != -1 : rest != 0;
                text.Append((char)(48 + (more ? group | 32 : group)));
            } while (more);
        }
        return text.ToString();
    }
}
