namespace Lposs.Tools.Formats;

/// <summary>
/// The outlines of a label map's regions (pixels of one label that touch by their sides), along the pixels' edges, each
/// one closed line with the region on its right. From the top left corner of each hole a slit runs to the left, walked
/// both ways, until it meets an outline: so a region with holes has one line too, and filling it by the even-odd rule
/// gives the region to the pixel.
/// </summary>
internal sealed class RegionOutlines
{
    private const byte Visited = 1,
        Slit = 2;
    private const int East = 0,
        South = 1,
        West = 2,
        North = 3;

    private readonly int _width;
    private readonly int _height;
    private readonly int[] _region;
    private readonly List<int> _first = [];

    // Of the lower edge of each pixel: whether it was walked, and whether it is part of a slit.
    private readonly byte[] _below;

    private RegionOutlines(LabelMap labels)
    {
        (_width, _height) = (labels.Width, labels.Height);
        _region = new int[labels.Labels.Length];
        _below = new byte[_region.Length];
        FindRegions(labels.Labels.Span);
        for (int region = 0; region < _first.Count; region++)
            Walk(_first[region] % _width, _first[region] / _width, East, region, withSlits: false, null);
        CutToHoles();
    }

    /// <summary>Calls for each region of a class, by its first pixel in reading order.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="use">Takes the label and the corners, 4 or more, in pixels from the top left.</param>
    public static void ForEach(LabelMap labels, Action<ushort, List<(int X, int Y)>> use)
    {
        var outlines = new RegionOutlines(labels);
        var corners = new List<(int X, int Y)>();
        for (int region = 0; region < outlines._first.Count; region++)
        {
            int first = outlines._first[region];
            if (labels.Labels.Span[first] == labels.NoData)
                continue;
            corners.Clear();
            outlines.Walk(first % labels.Width, first / labels.Width, East, region, withSlits: true, corners);
            use(labels.Labels.Span[first], corners);
        }
    }

    private void FindRegions(ReadOnlySpan<ushort> labels)
    {
        Array.Fill(_region, -1);
        var open = new Stack<int>();
        for (int start = 0; start < _region.Length; start++)
        {
            if (_region[start] >= 0)
                continue;
            int region = _first.Count;
            _first.Add(start);
            _region[start] = region;
            open.Push(start);
            while (open.TryPop(out int at))
            {
                int x = at % _width;
                if (x > 0)
                    Visit(labels, at - 1, at, open);
                if (x < _width - 1)
                    Visit(labels, at + 1, at, open);
                if (at >= _width)
                    Visit(labels, at - _width, at, open);
                if (at < _region.Length - _width)
                    Visit(labels, at + _width, at, open);
            }
        }
    }

    private void Visit(ReadOnlySpan<ushort> labels, int next, int from, Stack<int> open)
    {
        if (_region[next] >= 0 || labels[next] != labels[from])
            return;
        _region[next] = _region[from];
        open.Push(next);
    }

    // In reading order, the first lower edge of a region that no walk has touched is the top left edge of a hole.
    private void CutToHoles()
    {
        for (int at = 0; at < _region.Length - _width; at++)
        {
            int region = _region[at];
            if (_region[at + _width] == region || (_below[at] & Visited) != 0)
                continue;
            int x = at % _width,
                y = at / _width + 1;
            Walk(x + 1, y, West, region, withSlits: false, null);
            do
            {
                x--;
                _below[(y - 1) * _width + x] |= Slit;
            } while (Has(x - 1, y - 1, region) && Has(x - 1, y, region) && Has(x, y - 1, region) && Has(x, y, region));
        }
    }

    /// <summary>Walks a closed line from a corner, the region on the right, and turns right wherever it can.</summary>
    private void Walk(int x, int y, int direction, int region, bool withSlits, List<(int X, int Y)>? corners)
    {
        var (startX, startY, startDirection) = (x, y, direction);
        corners?.Add((x, y));
        do
        {
            if (direction == West)
                _below[(y - 1) * _width + x - 1] |= Visited;
            x += direction switch
            {
                East => 1,
                West => -1,
                _ => 0,
            };
            y += direction switch
            {
                South => 1,
                North => -1,
                _ => 0,
            };
            int next = Next(x, y, direction, region, withSlits);
            if (next != direction && (x, y, next) != (startX, startY, startDirection))
                corners?.Add((x, y));
            direction = next;
        } while ((x, y, direction) != (startX, startY, startDirection));
    }

    private int Next(int x, int y, int direction, int region, bool withSlits)
    {
        foreach (int turn in (ReadOnlySpan<int>)[1, 0, 3, 2])
        {
            int next = (direction + turn) % 4;
            if (IsEdge(x, y, next, region, withSlits))
                return next;
        }
        throw new InvalidOperationException("an outline ends; regions are closed.");
    }

    private bool IsEdge(int x, int y, int direction, int region, bool withSlits)
    {
        var (rightX, rightY, leftX, leftY) = direction switch
        {
            East => (x, y, x, y - 1),
            South => (x - 1, y, x, y),
            West => (x - 1, y - 1, x - 1, y),
            _ => (x, y - 1, x - 1, y - 1),
        };
        if (!Has(rightX, rightY, region))
            return false;
        if (!Has(leftX, leftY, region))
            return true;
        return withSlits && direction is (East or West) && (_below[(y - 1) * _width + rightX] & Slit) != 0;
    }

    private bool Has(int x, int y, int region) =>
        (uint)x < (uint)_width && (uint)y < (uint)_height && _region[y * _width + x] == region;
}
