// The loss of a row, whether it is predicted right, and its gradient of the mean loss:
// softmax.comp has the formulas. The includer defines logits_of(row, c), t_of(row, c) and
// what takes the results. precise has every kernel that does this give the same bits.
#include "nan.glsl"
#include "argmax.glsl" name=logits
#include "argmax.glsl" name=t

void softmax(int row, int n) {
	int best = argmax_logits(row);
	float top = best < 0 ? NAN : logits_of(row, best);
	bool finite = is_finite(top); // as it is unless a logit is NaN or Inf, or all are -Inf

	// log p = z - max - log Σ exp(z - max): no exponential overflows.
	precise float sum = 0.0;
	for (int c = 0; c < CLASSES; ++c) sum += exp(logits_of(row, c) - top);
#if LOSS
	float log_sum = log(sum);
	precise float l = 0.0;
	for (int c = 0; c < CLASSES; ++c) {
		float p = t_of(row, c);
		if (!is_zero(p)) l -= p * (logits_of(row, c) - top - log_sum); // 0·(-Inf) is 0 here
	}
	take_loss(row, finite ? l : NAN);
#endif
#if HITS
	take_hits(row, best >= 0 && best == argmax_t(row) ? 1.0 : 0.0);
#endif
#if DLOGITS
	for (int c = 0; c < CLASSES; ++c) {
		float p = divide(exp(logits_of(row, c) - top), sum);
		take_dlogits(row, c, finite ? divide(p - t_of(row, c), float(n)) : NAN);
	}
#endif
}
