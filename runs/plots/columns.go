package plots

import "fmt"

// mostSpots is how many columns of epochs there are at most: more are too narrow to point
// at, and each then stands for one of several.
const mostSpots = 400

// columns are the spots of the epochs, each of the place between two values of the x axis.
func columns(epochs []Epoch, best int, test *Test, place func(from, to float64) Spot) (list []Spot) {
	every := (len(epochs) + mostSpots - 1) / mostSpots
	for i := 0; i < len(epochs); i += every {
		last := epochs[min(i+every, len(epochs))-1]
		e := epochs[i]
		for _, other := range epochs[i:min(i+every, len(epochs))] {
			if other.Epoch == best {
				e = other
			}
		}
		s := place(float64(epochs[i].Epoch)-0.5, float64(last.Epoch)+0.5)
		s.Text = e.sentence()
		if e.Epoch == best && finite(e.ValidationLoss) {
			s.Text += "; weights kept"
		}
		if test != nil && e.Epoch == test.Epoch {
			s.Text += fmt.Sprintf("; test loss %.4f, accuracy %.2f %%", test.Loss, 100*test.Accuracy)
		}
		list = append(list, s)
	}
	return list
}

// sentence is the figures of the epoch that there are.
func (e Epoch) sentence() string {
	text := fmt.Sprintf("epoch %d", e.Epoch)
	for _, s := range []struct {
		name           string
		loss, accuracy float64
	}{{": train", e.TrainLoss, e.TrainAccuracy}, {"; val", e.ValidationLoss, e.ValidationAccuracy}} {
		if finite(s.loss) && finite(s.accuracy) {
			text += fmt.Sprintf("%s loss %.4f, accuracy %.2f %%", s.name, s.loss, 100*s.accuracy)
		}
	}
	return text
}
